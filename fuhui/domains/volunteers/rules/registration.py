"""Who may register as a volunteer, and what a registration says.

Ages: 志愿服务条例 art 15 and 山东省志愿服务条例 art 20 (guardian's consent or company; no dangerous service for
minors); 个人信息保护法 art 31 for children below 14; 民法典 art 19–20 (no legal capacity below 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from fuhui.shared.errors import BadInput

YOUNGEST, CHILD, ACCOMPANIED, ADULT, ELDER = 8, 14, 16, 18, 70
MOST_SKILLS = 12

SKILLS = {
    "care": "陪伴照护", "health": "医疗健康", "repair": "维修电工", "teaching": "课业辅导", "culture": "文艺书画",
    "legal": "法律咨询", "computer": "电脑手机", "driving": "驾驶", "sorting": "环境卫生", "patrol": "治安巡逻",
    "mediation": "邻里调解", "photo": "摄影宣传", "first_aid": "急救", "cooking": "做饭",
}
PARTS_OF_DAY = {"am": "上午", "pm": "下午", "eve": "晚上"}
FREE_TIMES = {
    f"{day}_{part}": f"周{name}{word}"
    for day, name in enumerate("一二三四五六日", start=1) for part, word in PARTS_OF_DAY.items()
}
GUARDIAN_RELATIONS = {"father": "父亲", "mother": "母亲", "grandparent": "祖父母或外祖父母", "other": "其他监护人"}


class VolunteerState(StrEnum):
    """A registration serves, rests for a while, or has ended."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


STATE_WORDS = {VolunteerState.ACTIVE: "服务中", VolunteerState.PAUSED: "暂停", VolunteerState.ENDED: "已退出"}


class JoiningState(StrEnum):
    """The steps of belonging to a team."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LEFT = "left"


JOINING_WORDS = {
    JoiningState.ASKED: "等队长确认", JoiningState.CONFIRMED: "已入队", JoiningState.DECLINED: "未同意",
    JoiningState.LEFT: "已退队",
}


@dataclass(frozen=True, kw_only=True)
class VolunteerEntry:
    """What a registration says, as it is handed in. Skills and free times are keys of SKILLS and FREE_TIMES."""

    skills: Sequence[str] = ()
    interests: str = ""
    free_times: Sequence[str] = ()
    party_unit: str = ""  # 双报到: the party organisation at work; '' for who does not report
    party_since: date | None = None
    guardian_name: str = ""
    guardian_relation: str = ""
    guardian_agreed_on: date | None = None
    agreed: bool = False  # the person wishes it: nobody may be forced (志愿服务条例 art 25)


def age_at(birth: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def sound_entry(entry: VolunteerEntry, birth: date | None, today: date) -> VolunteerEntry:
    """The entry with trimmed texts, or BadInput naming the field and what to do."""
    if not entry.agreed:
        raise BadInput("agreed", "请先勾选“本人自愿登记”。志愿服务不能强迫，也不能代别人答应。", field="agreed")
    if birth is None:
        raise BadInput("birth_date", "居民档案里没有出生日期，无法判断是否成年。请先请网格员在居民档案里补上。")
    tidy = replace(
        entry, skills=_chosen(entry.skills, SKILLS, "skills", "技能"),
        free_times=_chosen(entry.free_times, FREE_TIMES, "free_times", "空闲时间"),
        interests=_short(entry.interests, 100, "interests", "兴趣"),
        party_unit=_short(entry.party_unit, 60, "party_unit", "单位党组织"),
        guardian_name=_short(entry.guardian_name, 30, "guardian_name", "监护人姓名"),
    )
    _party(tidy, today)
    return _guarded(tidy, age_at(birth, today), today)


def _chosen(values: Sequence[str], known: dict[str, str], field: str, what: str) -> list[str]:
    if set(values) - set(known):
        raise BadInput(field, f"请从列表里选择{what}。", field=field)
    return [key for key in known if key in set(values)]


def _short(text: str, most: int, field: str, what: str) -> str:
    tidy = text.replace("\x00", "").strip()
    if len(tidy) > most:
        raise BadInput(field, f"{what}最多 {most} 个字，现在是 {len(tidy)} 个字。", field=field)
    return tidy


def _party(entry: VolunteerEntry, today: date) -> None:
    if bool(entry.party_unit) != bool(entry.party_since):
        field = "party_since" if entry.party_unit else "party_unit"
        raise BadInput("party", "党员双报到请同时填写单位党组织和报到日期；不报到就都不填。", field=field)
    if entry.party_since and entry.party_since > today:
        raise BadInput("party_since", "报到日期不能晚于今天。", field="party_since")


def _guarded(entry: VolunteerEntry, age: int, today: date) -> VolunteerEntry:
    if age < YOUNGEST:
        raise BadInput("too_young", f"未满 {YOUNGEST} 周岁不能登记；可以由监护人带着一起参加，服务记在监护人名下。")
    if age >= ADULT:
        return replace(entry, guardian_name="", guardian_relation="", guardian_agreed_on=None)
    if not entry.guardian_name:
        why = "（未满 14 周岁的个人信息也要由监护人同意）" if age < CHILD else ""
        raise BadInput("guardian", f"未满 18 周岁登记要有监护人同意{why}，请填写监护人姓名。", field="guardian_name")
    if entry.guardian_relation not in GUARDIAN_RELATIONS:
        raise BadInput("guardian_relation", "请选择监护人和孩子的关系。", field="guardian_relation")
    if entry.guardian_agreed_on is None or entry.guardian_agreed_on > today:
        raise BadInput("guardian_agreed_on", "请填写监护人同意的日期，不能晚于今天。", field="guardian_agreed_on")
    return entry


def age_note(age: int) -> str:
    """What whoever plans with this volunteer has to mind; '' for most adults."""
    if age < ACCOMPANIED:
        return "未满 16 周岁：服务时要有成年人陪同，不安排有危险的服务。"
    if age < ADULT:
        return "未满 18 周岁：不安排有危险的服务。"
    return "70 周岁以上：安排前请问一问身体情况。" if age >= ELDER else ""


def number_of(code: str, order: int) -> str:
    """A volunteer's number: the community's code and a running number, for example 370611001038-V00042."""
    return f"{code}-V{order:05d}"
