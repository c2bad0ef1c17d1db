"""What a call for help and its shifts may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fuhui.domains.volunteers.rules.registration import SKILLS
from fuhui.shared.errors import BadInput

MOST_PLACES = 1000
LONGEST = timedelta(hours=12)
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class CallEntry:
    """What a call says (志愿服务条例 art 12: true, complete, with the risks). `kind` is a code of the catalogue."""

    title: str
    about: str
    place: str
    risks: str
    kind: str
    contact: str = ""
    skill: str = ""
    min_age: int = 0
    team_only: bool = False
    is_dangerous: bool = False


@dataclass(frozen=True, kw_only=True)
class ShiftEntry:
    """One shift. Sign-up opens at once and closes at the beginning unless it says otherwise."""

    starts_at: datetime | None
    ends_at: datetime | None
    capacity: int
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def sound_call(entry: CallEntry) -> CallEntry:
    """The call with trimmed texts, or BadInput naming the field."""
    tidy = replace(
        entry, title=_text(entry.title, 60, "title", "做什么"), about=_text(entry.about, 1000, "about", "具体内容"),
        place=_text(entry.place, 100, "place", "集合地点"), risks=_text(entry.risks, 500, "risks", "风险说明"),
        contact=entry.contact.replace("\x00", "").strip()[:60],
    )
    if tidy.skill and tidy.skill not in SKILLS:
        raise BadInput("skill", "请从列表里选择技能。", field="skill")
    if not 0 <= tidy.min_age <= 60:
        raise BadInput("min_age", "最低年龄填 0 到 60；0 表示不限。", field="min_age")
    return tidy


def _text(value: str, most: int, field: str, what: str) -> str:
    tidy = value.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= most:
        extra = "没有明显风险也请写“无”。" if field == "risks" else ""
        raise BadInput(field, f"请填写{what}，最多 {most} 个字。{extra}", field=field)
    return tidy


def sound_shift(entry: ShiftEntry, now: datetime) -> tuple[datetime, datetime, datetime, datetime]:
    """Begin, end, opening and closing of a shift, or BadInput naming the field."""
    begin, end = entry.starts_at, entry.ends_at
    if begin is None or end is None:
        raise BadInput("starts_at", "请填写班次的日期、开始和结束时间。", field="starts_at")
    if begin <= now:
        raise BadInput("past", "班次的时间已经过去了，请改成以后的日期和时间。", field="starts_at")
    if begin > now + FARTHEST:
        raise BadInput("far", "班次最远排到一年以内，请检查年份。", field="starts_at")
    if end <= begin:
        raise BadInput("ends_at", "结束时间要晚于开始时间。", field="ends_at")
    if end - begin > LONGEST:
        raise BadInput("long", "一个班次最长 12 小时，再长请分成几个班次轮换。", field="ends_at")
    if not 1 <= entry.capacity <= MOST_PLACES:
        raise BadInput("capacity", f"名额填 1 到 {MOST_PLACES} 的整数。", field="capacity")
    opens, closes = entry.opens_at or now, entry.closes_at or begin
    if not opens < closes <= begin:
        raise BadInput("closes_at", "报名要先开始后截止，截止不晚于班次开始。", field="closes_at")
    return begin, end, opens, closes
