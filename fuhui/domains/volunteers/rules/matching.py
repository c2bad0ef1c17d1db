"""Which open shift suits a volunteer, and why, in words they can check themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fuhui.domains.volunteers.rules.registration import FREE_TIMES, PARTS_OF_DAY, SKILLS
from fuhui.domains.volunteers.rules.signing_up import ZONE

NOON, EVENING = 12, 18
# A skill is rarest; time comes next, because who has none does not come. Then team, nearness, interests.
SKILL, TIME, TEAM, NEAR, INTEREST = 5, 4, 3, 2, 2
_BETWEEN = re.compile(r"[、，,；;。/\s]+")


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a volunteer said of themselves. `near`: names of where they live, as they stand in a meeting place."""

    skills: Sequence[str] = ()
    free_times: Sequence[str] = ()
    interests: str = ""
    near: Sequence[str] = ()
    teams: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a shift asks for."""

    starts_at: datetime
    ends_at: datetime
    words: str
    place: str = ""
    skill: str = ""
    team: UUID | None = None
    team_name: str = ""
    free: int = 0


@dataclass(frozen=True)
class Match:
    """How well a shift suits (more is better; 0: nothing speaks for it) and why, in words."""

    score: int
    reason: str


def match(wishes: Wishes, opening: Opening) -> Match:
    """The sum of what suits, and the reason: 周六上午您有空，需要陪伴照护."""
    found = [(score, words) for score, words in _reasons(wishes, opening) if words]
    if not found:
        return Match(0, f"还缺 {opening.free} 人")
    return Match(sum(score for score, _ in found), "，".join(words for _, words in found))


def times_of(begin: datetime, end: datetime) -> list[str]:
    """The keys of FREE_TIMES that a shift touches: before noon, until six, evening."""
    touched: list[str] = []
    moment = begin.astimezone(ZONE)
    while moment < end:
        part = "am" if moment.hour < NOON else "pm" if moment.hour < EVENING else "eve"
        key = f"{moment.isoweekday()}_{part}"
        if key not in touched:
            touched.append(key)
        moment += timedelta(minutes=30)
    return touched


def interest_words(interests: str) -> list[str]:
    """The words of an interests field that say something: two characters or more."""
    return [word for word in _BETWEEN.split(interests) if len(word) > 1]


def _reasons(wishes: Wishes, opening: Opening) -> Iterator[tuple[int, str]]:
    touched = times_of(opening.starts_at, opening.ends_at)
    yield TIME, f"{_spoken(touched)}您有空" if touched and set(touched) <= set(wishes.free_times) else ""
    yield SKILL, f"需要{SKILLS[opening.skill]}" if opening.skill in wishes.skills and opening.skill in SKILLS else ""
    yield TEAM, f"您的队伍{opening.team_name}发起" if opening.team and opening.team in wishes.teams else ""
    here = next((name for name in wishes.near if _stands_in(name, opening.place)), "")
    yield NEAR, f"就在您住的{here}" if here else ""
    liked = next((word for word in interest_words(wishes.interests) if word in opening.words), "")
    yield INTEREST, f"您喜欢{liked}" if liked else ""


def _stands_in(name: str, place: str) -> bool:
    """3网格 does not stand in 13网格."""
    return bool(name) and re.search(rf"(?<!\d){re.escape(name)}", place) is not None


def _spoken(touched: Sequence[str]) -> str:
    """周六上午 and 周六下午 are said as 周六上午和下午."""
    first, *more = touched
    rest = [PARTS_OF_DAY[key[2:]] if key[0] == first[0] else FREE_TIMES[key] for key in more]
    return "和".join([FREE_TIMES[first], *rest])
