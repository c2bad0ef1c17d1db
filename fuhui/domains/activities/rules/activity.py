"""What may be planned, who stands where on the list, and how long an offered place is held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from fuhui.shared.errors import BadInput

TITLE, TEXT, PLACE, NAME, REASON = 40, 1000, 60, 30, 200
MOST_PLACES = 5000
MOST_HEADS = 10  # of one sign-up: a family or a small group
MOST_WALK_INS = 500
MOST_PHOTOS, PHOTO_WORDS = 30, 60
MOST_WORKS = 300
HELD_FOR = timedelta(hours=24)  # how long a freed place is offered to the next of the list
EARLY = timedelta(hours=2)  # check-in opens before the beginning
CLOSES_AFTER = timedelta(hours=12)  # an activity closes itself this long after its end
LONGEST = timedelta(hours=24)


class Kind(StrEnum):
    """What sort of activity; for lists and words only."""

    FESTIVAL = "festival"
    LECTURE = "lecture"
    COURSE = "course"
    SPORTS = "sports"
    SHOW = "show"
    EXHIBITION = "exhibition"
    CLINIC = "clinic"
    OTHER = "other"


KIND_NAMES = {
    Kind.FESTIVAL: "节日活动", Kind.LECTURE: "讲座", Kind.COURSE: "课程", Kind.SPORTS: "运动会",
    Kind.SHOW: "演出", Kind.EXHIBITION: "展览", Kind.CLINIC: "义诊", Kind.OTHER: "其他",
}


class State(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    APPROVED = "approved"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"


STATE_NAMES = {
    State.PLANNED: "待审批", State.APPROVED: "待发布", State.PUBLISHED: "报名中", State.CLOSED: "已结束",
    State.CANCELLED: "已取消",
}


class SignState(StrEnum):
    """Where a sign-up stands. Confirmed and offered ones hold their places."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


SIGN_NAMES = {
    SignState.CONFIRMED: "报名成功", SignState.WAITING: "候补中", SignState.OFFERED: "有空位，请确认",
    SignState.CANCELLED: "已取消", SignState.LAPSED: "没有确认，名额已给下一位",
}
LIVE = (SignState.CONFIRMED, SignState.WAITING, SignState.OFFERED)


class Outcome(StrEnum):
    """What a scan or a tap at the door came to. Everything else than `ok` is kept too, with its reason."""

    OK = "ok"
    AGAIN = "again"
    FORGED = "forged"
    OTHER = "other_activity"
    ENDED = "ended"
    WAITING = "waiting"
    EARLY = "too_early"
    CLOSED = "closed"


OUTCOME_WORDS = {
    Outcome.OK: "签到成功。", Outcome.AGAIN: "已经签过到了，不用再签。",
    Outcome.FORGED: "这不是有效的报名凭证。请核对姓名和手机号，在名单里点“签到”。",
    Outcome.OTHER: "这是另一场活动的凭证，请核对活动和日期。", Outcome.ENDED: "这份报名已经取消，不能签到。",
    Outcome.WAITING: "还在候补，没有名额。有空位时可以由工作人员现场登记。",
    Outcome.EARLY: "签到在开始前两小时开放，请到时候再来。", Outcome.CLOSED: "活动已经结束或取消，这次签到没有计入。",
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An activity as it is handed in; both moments with a time zone."""

    title: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    place: str
    kind: str = Kind.OTHER
    text: str = ""
    service_code: str = "culture.all"
    organiser: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who signs up: a person with those who come along. `heads` counts the person too."""

    name: str
    phone: str = ""
    heads: int = 1


def sound_plan(plan: Plan, now: datetime) -> Plan:
    """The plan with trimmed texts, or BadInput naming the field and what to do."""
    tidy = replace(plan, title=_clean(plan.title), text=_clean(plan.text), place=_clean(plan.place))
    if not 1 <= len(tidy.title) <= TITLE:
        raise BadInput("title", f"请写活动名称，最多 {TITLE} 个字。", field="title")
    if len(tidy.text) > TEXT:
        raise BadInput("text", f"介绍最多 {TEXT} 个字，现在是 {len(tidy.text)} 个字。", field="text")
    if not 1 <= len(tidy.place) <= PLACE:
        raise BadInput("place", f"请写活动地点，最多 {PLACE} 个字。", field="place")
    if tidy.kind not in set(Kind):
        raise BadInput("kind", "请选择活动类型。", field="kind")
    if not 1 <= tidy.capacity <= MOST_PLACES:
        raise BadInput("capacity", f"名额是 1 到 {MOST_PLACES} 的整数。", field="capacity")
    sound_times(tidy.starts_at, tidy.ends_at, now)
    return tidy


def sound_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises BadInput for times that are past, turned round or longer than a day."""
    if starts_at <= now:
        raise BadInput("past", "开始时间已经过去了，请核对日期。", field="starts_at")
    if ends_at <= starts_at:
        raise BadInput("order", "结束时间要在开始时间之后。", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise BadInput("long", "一场活动最长 24 小时；几天的活动请按天分开建。", field="ends_at")


def sound_party(party: Party) -> Party:
    """The party with a trimmed name, or BadInput."""
    tidy = replace(party, name=_clean(party.name))
    if not 1 <= len(tidy.name) <= NAME:
        raise BadInput("name", f"请写姓名，最多 {NAME} 个字。", field="name")
    if not 1 <= tidy.heads <= MOST_HEADS:
        raise BadInput("heads", f"一次报名 1 到 {MOST_HEADS} 人；人更多请打社区电话。", field="heads")
    return tidy


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes, at least one."""
    return max(1, int((ends_at - starts_at).total_seconds() // 60))


def offer_until(now: datetime, starts_at: datetime) -> datetime:
    """Until when an offered place is held: a day, but never past the beginning."""
    return min(now + HELD_FOR, starts_at)


def _clean(words: str) -> str:
    return words.replace("\x00", "").strip()
