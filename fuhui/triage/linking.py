# ruff: noqa: E501 — long lines here are rows of numbers by name
"""Which matter a message belongs to: what speaks for each open matter, in numbers that networks weigh.

Place comes first: a matter at another building, unit, street or gate is never offered, save for outages and for
what the same person said before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from fuhui.triage.features import Reading
from fuhui.triage.grouping import WIDE, Case, Rarity, addressed, mentioned, minutes, quotes, spoken_gap
from fuhui.triage.places import Comparison, compare_best
from fuhui.triage.surroundings import strong_building
from fuhui.triage.vocabulary import Message

OFFERED, LATEST_OFFERED, DAYS, OVER_AFTER = 10, 3, 14, 180
SIGNALS = ("plus", "still", "fixed", "question", "problem", "deny", "ack", "request", "past", "notsame")
COMMON = (
    "report", "detail", "confirm", "chat", "danger", "alarm", "length", "media_only", "things_none", "place_strong",
    "own_matter", "similar", "open_recent", *SIGNALS,
)  # fmt: skip
CASE_PART = (
    "starter", "in_case", "own_gap", "gap", "first_gap", "latest", "rank", "closed", "closed_gap", "urgent", "urgent_now",
    "same_alarm", "place", "place_strong_agrees", "place_weak_agrees", "case_placed", "conflict", "alike", "alike_one",
    "shared", "apart", "topic", "named", "quoted", "size", "answered", "plus_latest", "still_in_case", "fixed_in_case", "wide",
)  # fmt: skip
NAMES: tuple[str, ...] = ("is_chat", "is_new", "is_case", *COMMON, *CASE_PART)
IN_CASE, ALIKE = CASE_PART.index("in_case"), CASE_PART.index("alike")
NOT_A_CASE = (0.0,) * len(CASE_PART)


class Asked(NamedTuple):
    """A message that seeks its matter. ``kinds`` are the chances of report, detail, confirm and chat."""

    message: Message
    reading: Reading
    kinds: tuple[float, ...]
    codes: tuple[float, ...]
    danger: float
    at: datetime
    turn: int
    staff: bool = False


class Offer(NamedTuple):
    """An open matter as it looks from a message: the numbers, and what to tell a person."""

    case: Case
    numbers: tuple[float, ...]
    place: Comparison
    shared: frozenset[str]
    gap: float
    same_person: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in Chinese, as a grid worker would say it: 同一栋楼同一件事，12 分钟前."""
        where = self.place.words if self.place.score > 0 else ""
        what = "同一件事" if where and self.shared else ""
        told = [where + what] if where else []
        if self.shared:
            told.append(f"都说到{'、'.join(sorted(self.shared)[:3])}")
        if self.same_person:
            told.append("同一人接着说")
        told.append(f"{spoken_gap(self.gap)}前刚说过")
        return tuple(told)


def offers(asked: Asked, cases: Sequence[Case], rarity: Rarity) -> list[Offer]:
    """The matters of the group that the message may belong to, the latest first, at most ten."""
    group = asked.message.group
    recent = cases
    if len(cases) > 1:
        recent = sorted(cases, key=lambda case: case.last_in.get(group, case.last), reverse=True)
    found: list[Offer] = []
    sender, home, other = asked.message.sender, strong_building(asked.reading), asked.reading.has("notsame")
    for at, case in enumerate(recent):
        gap = minutes(asked.at, case.last)
        if gap > DAYS * 1440 or (at >= LATEST_OFFERED and _far(asked, case, home, gap)):
            continue
        if (other and sender not in case.senders) or _over(asked, case):
            continue
        place = compare_best(None if other else asked.reading.place, case.places)
        wide = _wide(asked.reading, case)
        if place.conflict and not wide and sender not in case.senders:
            continue
        found.append(_offer(asked, case, place, wide, rarity, latest=at == 0, home=home))
        if len(found) >= OFFERED:
            break
    return found


def _over(asked: Asked, case: Case) -> bool:
    """True where a matter was said to be solved hours ago: the same trouble is then a new matter."""
    return case.closed is not None and minutes(asked.at, case.closed) > OVER_AFTER and asked.kinds[2] < 0.5


def _wide(reading: Reading, case: Case) -> bool:
    """True where an outage reaches many buildings and the message speaks of it, or of nothing else."""
    return not WIDE.isdisjoint(case.things) and (not reading.things or not WIDE.isdisjoint(case.things & reading.things))


def _far(asked: Asked, case: Case, home: str | None, gap: float) -> bool:
    """A quick no: other people, other things, another place, and not of this hour."""
    if gap <= 45 or asked.message.sender in case.senders or asked.message.quote:
        return False
    if not asked.reading.things.isdisjoint(case.things):
        return False
    if home and any(place.building == home for place in case.places):
        return False
    return gap > 1440 or len(asked.reading.grams & case.grams) < 3


def options(asked: Asked, found: Sequence[Offer], open_recent: int) -> list[tuple[float, ...]]:
    """One row per option: nothing for the community, something new, then each offer."""
    reading = asked.reading
    logs = [math.log(chance + 1e-3) for chance in asked.kinds]
    place = reading.place
    common = (
        *logs, asked.danger, float(reading.alarm is not None), len(reading.plain) ** 0.5 / 5, float(not reading.plain.strip()),
        float(not reading.things), float(place is not None and not place.weak and not place.is_empty),
        max((offer.numbers[IN_CASE] for offer in found), default=0.0),
        max((offer.numbers[ALIKE] for offer in found), default=0.0), open_recent**0.5,
        *(float(reading.has(name)) for name in SIGNALS),
    )  # fmt: skip
    rows = [(1.0, 0.0, 0.0, *common, *NOT_A_CASE), (0.0, 1.0, 0.0, *common, *NOT_A_CASE)]
    rows += [(0.0, 0.0, 1.0, *common, *offer.numbers) for offer in found]
    return rows


def _offer(asked: Asked, case: Case, place: Comparison, wide: bool, rarity: Rarity, *, latest: bool, home: str | None) -> Offer:
    message, reading, at = asked.message, asked.reading, asked.at
    spoke = case.senders.get(message.sender)
    gap = minutes(at, case.last_in.get(message.group, case.last))
    shared = reading.things & case.things
    strong = place.score > 0 and home is not None
    inside = spoke is not None
    named = mentioned(message.text, case) or (asked.staff and addressed(message.text, case))
    numbers = (
        float(message.sender == case.starter), float(inside), _slow(minutes(at, spoke)) if spoke else 0.0, _slow(gap),
        _slow(minutes(at, case.first)), float(latest), math.log1p(max(0, asked.turn - case.turn)),
        float(case.closed is not None), _slow(minutes(at, case.closed)) if case.closed else 0.0,
        float(case.urgent), float(case.urgent and gap <= 45),
        float(reading.alarm is not None and reading.alarm.kind in case.alarms), place.score, float(strong),
        float(place.score > 0 and not strong), float(bool(case.places)), float(place.conflict),
        rarity.alike(reading.grams, case.grams), _alike_one(reading, case), float(min(len(shared), 3)),
        float(bool(reading.things and case.things and not shared)), _topic(asked, case), float(named),
        float(bool(message.quote) and quotes(message.quote or "", case)), math.log1p(len(case.texts)), float(case.answered),
        float(latest and reading.has("plus")), float(inside and reading.has("still")), float(inside and reading.has("fixed")),
        float(wide),
    )  # fmt: skip
    return Offer(case, numbers, place, shared, gap, inside)


def _slow(gap: float) -> float:
    return math.log1p(gap) / 4


def _alike_one(reading: Reading, case: Case) -> float:
    """The most that one message of the matter shares with this one."""
    own, size = reading.grams, len(reading.grams)
    parts = [grams for grams in case.parts if not own.isdisjoint(grams)]
    return max([len(own & grams) / (min(size, len(grams)) or 1) for grams in parts], default=0.0)


def _topic(asked: Asked, case: Case) -> float:
    total = sum(case.codes)
    return sum(map(float.__mul__, asked.codes, case.codes)) / total if total else 0.0
