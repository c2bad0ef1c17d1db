"""The wishes' figures."""

from __future__ import annotations

from fuhui.registry.ledger.of_source import room_of_source
from fuhui.registry.ledger.rules.asking import Definition

FIGURES = room_of_source("wishes", "微心愿", "wishes.claim", {
    "sessions": Definition(
        code="wish_claims", name="实现的微心愿认领", unit="次",
        words="确认实现并记入台账的认领数；一个心愿分几份由几个人实现，就算几次。",
    ),
    "servers": Definition(
        code="wish_claimers", name="实现微心愿的人数", unit="人", words="认领并实现的不同居民和工作人员，一人只算一次。"
    ),
})
