"""The one reason for which a sign-up is refused, and how much service is too much.

Hours and rest are defaults of good practice, not of a law: eight hours of shifts a day (four for minors), eight hours
of rest after a shift that ends late. Two shifts less than an hour apart are asked about, not refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
GRACE = timedelta(hours=1)
LATE_HOUR = 22
REST = timedelta(hours=8)
DAY_LIMIT, MINOR_DAY_LIMIT = timedelta(hours=8), timedelta(hours=4)
ADULT = 18
LATE_WITHDRAWAL = timedelta(hours=24)


class Answer(StrEnum):
    """What a sign-up is answered with: FREE, or exactly one reason."""

    FREE = "free"
    SIGNED_UP = "signed_up"
    CANCELLED = "cancelled"
    STARTED = "started"
    NOT_YET = "not_yet"
    WINDOW_ENDED = "window_ended"
    NOT_ACTIVE = "not_active"
    TEAM_ONLY = "team_only"
    QUALIFICATION = "qualification"
    TOO_YOUNG = "too_young"
    DANGEROUS = "dangerous"
    COLLIDES = "collides"
    TOO_MUCH = "too_much"
    NO_REST = "no_rest"
    FULL = "full"
    CLOSE = "close"


WORDS = {
    Answer.FREE: "可以报名。",
    Answer.SIGNED_UP: "已经报过名了，不用再报。",
    Answer.CANCELLED: "这个班次已经取消，请看看别的班次。",
    Answer.STARTED: "班次已经开始，不能再报名；愿意帮忙请直接联系负责人。",
    Answer.NOT_YET: "还没有到报名时间，请在报名开始后再来。",
    Answer.WINDOW_ENDED: "报名已经截止，请看看别的班次，或联系负责人。",
    Answer.NOT_ACTIVE: "志愿者登记已暂停或退出，请先在“我的志愿服务”里恢复。",
    Answer.TEAM_ONLY: "这个班次只招本队队员。请先申请入队，队长同意后再报名。",
    Answer.QUALIFICATION: "这个班次要求的技能您的登记里没有。若您会，请先在登记里补上。",
    Answer.TOO_YOUNG: "年龄还没有达到这个班次的要求，请看看别的班次。",
    Answer.DANGEROUS: "这个班次有一定危险，不安排未满 18 周岁的志愿者。",
    Answer.COLLIDES: "这段时间您已经报了另一个班次。要换班，请先退掉那一个。",
    Answer.TOO_MUCH: "这一天的班次加起来太长了（成年人最多 8 小时，未成年人 4 小时），请改报别的日子。",
    Answer.NO_REST: "前后两个班次之间休息不到 8 小时，请改报晚一些的班次。",
    Answer.FULL: "名额已满，请看看别的班次。",
    Answer.CLOSE: "和您的另一个班次间隔不到 1 小时，怕赶不及。确定赶得上，请勾选后再报一次。",
}


@dataclass(frozen=True, kw_only=True)
class ShiftFacts:
    """What a sign-up is measured against."""

    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    free: int
    is_cancelled: bool = False
    is_dangerous: bool = False
    min_age: int = 0
    skill: str = ""
    team_only: bool = False


@dataclass(frozen=True, kw_only=True)
class VolunteerFacts:
    """Who signs up. `others` are the begin and end of their other confirmed shifts."""

    is_active: bool
    age: int
    skills: Sequence[str] = ()
    is_member: bool = False
    is_signed_up: bool = False
    others: Sequence[tuple[datetime, datetime]] = ()


def answer(shift: ShiftFacts, volunteer: VolunteerFacts, now: datetime, *, close_is_fine: bool = False) -> Answer:
    """FREE, or the first reason against it. `close_is_fine`: the volunteer says they will make it in time."""
    if volunteer.is_signed_up:
        return Answer.SIGNED_UP
    for reason in (_time(shift, now), _person(shift, volunteer), _others(shift, volunteer)):
        if reason is not Answer.FREE:
            return reason
    if shift.free <= 0:
        return Answer.FULL
    is_close = any(_gap(shift, other) < GRACE for other in volunteer.others)
    return Answer.CLOSE if is_close and not close_is_fine else Answer.FREE


def _time(shift: ShiftFacts, now: datetime) -> Answer:
    if shift.is_cancelled:
        return Answer.CANCELLED
    if now >= shift.starts_at:
        return Answer.STARTED
    if now < shift.opens_at:
        return Answer.NOT_YET
    return Answer.WINDOW_ENDED if now >= shift.closes_at else Answer.FREE


def _person(shift: ShiftFacts, volunteer: VolunteerFacts) -> Answer:
    if not volunteer.is_active:
        return Answer.NOT_ACTIVE
    if shift.team_only and not volunteer.is_member:
        return Answer.TEAM_ONLY
    if shift.is_dangerous and volunteer.age < ADULT:
        return Answer.DANGEROUS
    if volunteer.age < shift.min_age:
        return Answer.TOO_YOUNG
    return Answer.QUALIFICATION if shift.skill and shift.skill not in volunteer.skills else Answer.FREE


def _others(shift: ShiftFacts, volunteer: VolunteerFacts) -> Answer:
    own = (shift.starts_at, shift.ends_at)
    if any(begin < shift.ends_at and shift.starts_at < end for begin, end in volunteer.others):
        return Answer.COLLIDES
    day = shift.starts_at.astimezone(ZONE).date()
    spans = [own, *(other for other in volunteer.others if other[0].astimezone(ZONE).date() == day)]
    limit = DAY_LIMIT if volunteer.age >= ADULT else MINOR_DAY_LIMIT
    if sum((end - begin for begin, end in spans), timedelta()) > limit and len(spans) > 1:
        return Answer.TOO_MUCH
    if volunteer.age < ADULT and shift.ends_at - shift.starts_at > limit:
        return Answer.TOO_MUCH
    is_tired = any(_unrested(*sorted((own, other))) for other in volunteer.others)
    return Answer.NO_REST if is_tired else Answer.FREE


def _unrested(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> bool:
    """A shift that ends at ten in the evening or later is followed by eight hours of rest."""
    ended = first[1].astimezone(ZONE)
    ends_late = ended.hour >= LATE_HOUR or ended.date() > first[0].astimezone(ZONE).date()
    return ends_late and second[0] - first[1] < REST


def _gap(shift: ShiftFacts, other: tuple[datetime, datetime]) -> timedelta:
    return max(other[0] - shift.ends_at, shift.starts_at - other[1])
