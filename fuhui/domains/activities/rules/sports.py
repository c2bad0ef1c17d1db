"""Sports meetings: groups by age, the draw of heats and lanes, what a result is, and who came where."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from fuhui.shared.errors import BadInput

MOST_CONTESTS, MOST_ENTRIES, MOST_LANES, MOST_EACH = 30, 400, 40, 10
MOST_TEAM = 20
CONTEST, GROUP, TEAM = 20, 12, 12
OLDEST, FIRST_YEAR = 120, 1900
AWARDED = 3
EVERYBODY = "不分组"  # the one group of an event without groups
MOST_RESULT = 9_999_999  # hundredths


class Measure(StrEnum):
    """What is measured."""

    TIME = "time"
    LENGTH = "length"
    POINTS = "points"


MEASURE_NAMES = {
    Measure.TIME: "计时（用时少的在前）", Measure.LENGTH: "量距离（远的、高的在前）",
    Measure.POINTS: "计数、计分（多的在前）",
}
MEASURE_EXAMPLES = {
    Measure.TIME: "用时写 12.35 或 1:02.50（秒，或分:秒）", Measure.LENGTH: "写几米，例如 2.15",
    Measure.POINTS: "写个数或分数，例如 32",
}
SEX_WORDS = {"男": "male", "女": "female"}


@dataclass(frozen=True)
class Group:
    """Who competes together: ages of both ends included; `sex` empty for all."""

    name: str
    youngest: int
    oldest: int
    sex: str = ""

    def takes(self, age: int, sex: str) -> bool:
        """True for somebody of this age and sex."""
        return self.youngest <= age <= self.oldest and self.sex in {"", sex}


class Slot(NamedTuple):
    """Where somebody starts, both from 1."""

    heat: int
    lane: int


_LINE = re.compile(r"^(?P<name>\S+?)[\s,，:：]+(?P<low>\d{1,3})\s*(?:[-–—~～至到]\s*(?P<high>\d{1,3}))?\s*岁?"
                   r"\s*(?P<more>以上)?\s*(?P<sex>[男女])?$")
_CLOCK = re.compile(r"^(?:(\d{1,3})[:：分])?(\d{1,4})(?:[.．](\d{1,2}))?秒?$")
_NUMBER = re.compile(r"^(\d{1,5})(?:[.．](\d{1,2}))?\s*(?:米|分|个|次)?$")
ABSENT = frozenset({"弃权", "没来", "没完成", "犯规"})


def groups_in(lines: str) -> list[Group]:
    """Groups, one a line: `老人组 60以上`, `青年组 18-45 女`. No line is one group for all.

    Raises BadInput for a line that is not understood and for groups that would both take the same person.
    """
    found = [_group(line.strip()) for line in re.split(r"[\n;；]+", lines.replace("\x00", "")) if line.strip()]
    for number, one in enumerate(found):
        for other in found[:number]:
            if one.name == other.name or _overlap(one, other):
                raise BadInput("groups", f"“{other.name}”和“{one.name}”重了：同一个人不能两组都进，请改年龄或名称。",
                               field="groups")
    return found or [Group(EVERYBODY, 0, OLDEST)]


def _group(line: str) -> Group:
    match = _LINE.match(line)
    if match is None or len(match["name"]) > GROUP:
        raise BadInput("groups", f"“{line[:20]}”没有看懂。一行一个组，写成：老人组 60以上，或 青年组 18-45 女。",
                       field="groups")
    low = int(match["low"])
    high = int(match["high"]) if match["high"] else OLDEST if match["more"] else low
    if low > high or high > OLDEST:
        raise BadInput("groups", f"“{line[:20]}”的年龄不对，请从小到大写，最大 {OLDEST} 岁。", field="groups")
    return Group(match["name"], low, high, SEX_WORDS.get(match["sex"] or "", ""))


def groups_words(groups: Iterable[Group]) -> str:
    """The groups as `groups_in` reads them; '' for the one group of everybody."""
    sexes = {code: word for word, code in SEX_WORDS.items()}
    return "\n".join(
        f"{one.name} {one.youngest}" + ("以上" if one.oldest == OLDEST else f"-{one.oldest}")
        + (f" {sexes[one.sex]}" if one.sex else "")
        for one in groups if one.name != EVERYBODY
    )


def _overlap(one: Group, other: Group) -> bool:
    apart = one.oldest < other.youngest or other.oldest < one.youngest
    return not apart and (one.sex == other.sex or "" in {one.sex, other.sex})


def group_of(groups: Sequence[Group], *, year: int, born: int, sex: str) -> Group:
    """The group of somebody by the age they reach in the meeting's year. Raises BadInput where there is none."""
    if not FIRST_YEAR <= born <= year:
        raise BadInput("born", "出生年份要写成四位数，例如 1956。", field="born")
    age = year - born
    ages = [one for one in groups if one.youngest <= age <= one.oldest]
    if not ages:
        raise BadInput("group", f"今年 {age} 岁，这个项目没有这个年龄的组。请换一个项目，或问社区。", field="born")
    fits = [one for one in ages if one.takes(age, sex)]
    if not fits:
        raise BadInput("sex", "这个项目分男女组，请选性别；选了还不行，就是没有这一组。", field="sex")
    return fits[0]


def draw(entries: Mapping[str, Sequence[UUID]], *, seed: int, lanes: int) -> dict[UUID, Slot]:
    """Heats and lanes for each group's entries. The same entries and seed always give the same draw, so anybody can
    check it; heats of a group differ by one at most."""
    slots: dict[UUID, Slot] = {}
    for name in sorted(entries):
        order = sorted(entries[name])
        random.Random(f"{seed} {name}").shuffle(order)  # noqa: S311 - to be repeated, not to be kept secret
        heats = -(-len(order) // lanes)
        for place, ident in enumerate(order):
            slots[ident] = Slot(place % heats + 1, place // heats + 1)
    return slots


def result_in(words: str, measure: str) -> int | None:
    """A typed result in hundredths (of a second, a metre, a point); None for who did not finish.

    Raises BadInput saying how to write it.
    """
    tidy = words.replace("\x00", "").strip()
    if tidy in ABSENT:
        return None
    match = (_CLOCK if measure == Measure.TIME else _NUMBER).match(tidy)
    if match is None:
        how = "12.35 或 1:02.50（秒，或分:秒）" if measure == Measure.TIME else "2.15"
        raise BadInput("result", f"成绩“{tidy[:12]}”没有看懂，请写成 {how}；没有成绩的写“弃权”。", field="result")
    minutes, whole, part = ["", *match.groups("")][-3:]
    if minutes and int(whole) >= 60:
        raise BadInput("result", f"成绩“{tidy[:12]}”的秒数要小于 60。", field="result")
    found = (int(minutes or 0) * 60 + int(whole)) * 100 + int(part.ljust(2, "0"))
    return min(found, MOST_RESULT)


def result_words(result: int, measure: str) -> str:
    """`1:02.50`, `2.15 米`, `7 分`."""
    whole, part = divmod(result, 100)
    if measure == Measure.TIME:
        minutes, seconds = divmod(whole, 60)
        return f"{minutes}:{seconds:02}.{part:02}" if minutes else f"{seconds}.{part:02} 秒"
    number = f"{whole}.{part:02}".rstrip("0").rstrip(".")
    return f"{number} 米" if measure == Measure.LENGTH else f"{number} 分"


def ranks(results: Iterable[tuple[UUID, int]], measure: str) -> dict[UUID, int]:
    """Places of one group: equal results share a place and the next one is left out (1, 2, 2, 4)."""
    order = sorted(results, key=lambda one: one[1] if measure == Measure.TIME else -one[1])
    places: dict[UUID, int] = {}
    for number, (ident, result) in enumerate(order, 1):
        tied = number > 1 and order[number - 2][1] == result
        places[ident] = places[order[number - 2][0]] if tied else number
    return places
