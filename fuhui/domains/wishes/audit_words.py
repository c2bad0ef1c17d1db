"""What the wishes' actions are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "wishes.publish": "登记微心愿", "wishes.approve": "审核通过微心愿", "wishes.refuse": "微心愿未通过",
        "wishes.withdraw": "撤下微心愿", "wishes.claim": "认领微心愿", "wishes.return": "放弃认领",
        "wishes.lapse": "认领到期退回", "wishes.deliver": "微心愿已送到", "wishes.confirm": "确认微心愿实现",
        "wishes.name_claimer": "核对认领人", "wishes.thank": "记下感谢", "wishes.read_contact": "查看许愿人联系方式",
    },
    {"wish": "微心愿"},
    reads=("wishes.read_contact",),
)
