"""The activities' figures: 场次, 人次 and 人数 are three, and none stands for another."""

from __future__ import annotations

from fuhui.registry.ledger.of_source import room_of_source
from fuhui.registry.ledger.rules.asking import Definition

FIGURES = room_of_source("activities", "活动", "activities.activity", {
    "sessions": Definition(code="activity_sessions", name="活动场次", unit="场", words="结束并记入台账的活动数。"),
    "attendances": Definition(
        code="activity_attendances", name="活动参加人次", unit="人次",
        words="每场签到的人数相加，带来的家人和没有报名来的都算，同一个人来几场算几次。",
    ),
    "persons": Definition(
        code="activity_persons", name="活动参加人数", unit="人",
        words="签到的人里在居民名册的不同居民数，一人只算一次。没有对上名册的不在内，所以不等于人次。",
    ),
    "minutes": Definition(
        code="activity_minutes", name="活动出力时长", unit="分钟", words="志愿者、主讲和协办单位每人的分钟数相加。"
    ),
})
