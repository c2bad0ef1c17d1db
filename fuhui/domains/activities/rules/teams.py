"""Who competes, alone or in a team, and how a team is written down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fuhui.domains.activities.rules.activity import NAME
from fuhui.domains.activities.rules.sports import MOST_TEAM, SEX_WORDS, TEAM, Group, group_of
from fuhui.shared.errors import BadInput


@dataclass(frozen=True, kw_only=True)
class Competitor:
    """Who enters. `born` 0 and `sex` empty: as the register knows them. `agreed`: the full name may be published."""

    name: str
    phone: str = ""
    born: int = 0
    sex: str = ""
    agreed: bool = False


_BORN, _PHONE = re.compile(r"^(?:19|20)\d\d年?$"), re.compile(r"^1\d{10}$")


def members_in(lines: str, *, agreed: bool = False) -> list[Competitor]:
    """The people of a team, one a line: `李桂芳 1956 女 19900000021`; only the name is needed where the register knows
    the rest. Raises BadInput naming the line that is not understood."""
    tidy = [line.strip() for line in re.split(r"[\n;；]+", lines.replace("\x00", "")) if line.strip()]
    if len(tidy) > MOST_TEAM:
        raise BadInput("members", f"一队最多 {MOST_TEAM} 人，一行写一个人。", field="members")
    return [_member(number, line, agreed) for number, line in enumerate(tidy, 1)]


def _member(number: int, line: str, agreed: bool) -> Competitor:
    name, *rest = re.split(r"[\s,，、:：]+", line)
    found: dict[str, str] = {}
    for word in rest:
        what = "born" if _BORN.match(word) else "phone" if _PHONE.match(word) else "sex" if word in SEX_WORDS else ""
        if not what or what in found:
            raise BadInput("members", f"第 {number} 行的“{word[:12]}”没有看懂。一行一个人，写成：李桂芳 1956 女。",
                           field="members")
        found[what] = word
    return Competitor(name=name, phone=found.get("phone", ""), born=int(found.get("born", "0")[:4]),
                      sex=SEX_WORDS.get(found.get("sex", ""), ""), agreed=agreed)


def sound_team(team: str, members: Sequence[Competitor], size: int) -> str:
    """The tidy name of a team. Raises BadInput for one without a name, of another size, or with somebody twice."""
    tidy = team.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= TEAM:
        raise BadInput("team", f"请写队名，最多 {TEAM} 个字，例如：三号楼队。", field="team")
    if len(members) != size:
        raise BadInput("members", f"一队 {size} 人，现在写了 {len(members)} 人。一行写一个人。", field="members")
    names = [(one.name, one.born) for one in members]
    twice = next((one.name for one in members if names.count((one.name, one.born)) > 1), "")
    if twice:
        raise BadInput("members", f"{twice}写了两遍。真是同名又同年的两个人，请在姓名后面加楼号区分。", field="members")
    return tidy


def sound_name(name: str, field: str) -> str:
    """A tidy name of a person, or BadInput."""
    tidy = name.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= NAME:
        raise BadInput(field, f"请写姓名，最多 {NAME} 个字。", field=field)
    return tidy


def group_of_team(
    groups: Sequence[Group], *, year: int, people: Sequence[tuple[str, int, str]]
) -> Group:
    """The one group of a team; of everybody the name, the year of birth and the sex. Raises BadInput naming who has no
    group or another one than the first."""
    found: list[Group] = []
    for name, born, sex in people:
        try:
            found.append(group_of(groups, year=year, born=born, sex=sex))
        except BadInput as error:
            raise BadInput(error.code, f"{name}：{error.message}", field="members") from error
        if found[-1] != found[0]:
            raise BadInput("group", f"{people[0][0]}在{found[0].name}，{name}在{found[-1].name}。一队的人要在同一个组，"
                                    "请换人，或问社区。", field="members")
    return found[0]
