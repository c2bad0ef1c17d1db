"""What volunteers did in shifts, read out of the book."""

from __future__ import annotations

from fuhui.domains.volunteers.actions.hours import SOURCE
from fuhui.registry.ledger.of_source import room_of_source
from fuhui.registry.ledger.rules.asking import Definition

SERVED = room_of_source("volunteer_hours", "志愿服务", SOURCE, {
    "sessions": Definition(code="volunteer_sessions", name="志愿服务场次", unit="场",
                           words="公示期满、记入台账的志愿服务班次数。"),
    "servings": Definition(code="volunteer_servings", name="志愿服务人次", unit="人次",
                           words="每个班次出力的志愿者相加，同一个人来几次算几次。"),
    "servers": Definition(code="volunteer_servers", name="参加服务的志愿者", unit="人",
                          words="在班次里有认定时长的不同志愿者，一人只算一次，所以不等于人次。"),
    "minutes": Definition(code="volunteer_minutes", name="志愿服务时长", unit="分钟",
                          words="认定并公示期满的分钟数相加；计划的、签到的和公示中的都不在内。"),
})
