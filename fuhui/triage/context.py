"""What a message's neighbours tell about it: who spoke before and after, and whether they speak of one thing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from fuhui.triage.features import CONTEXT, DENSE, Reading
from fuhui.triage.staff import is_staff
from fuhui.triage.vocabulary import Message

OWN = len(DENSE) - len(CONTEXT)
BACK, AHEAD = 6, 4
NEAR_MINUTES = 30.0
NO_GAP = 1.0
START = datetime(2000, 1, 1)  # noqa: DTZ001 — wall clock, as all message times
PROBLEM, FIXED, LAUGH, TRADE = (DENSE.index(name) for name in ("problem", "fixed", "laugh", "trade"))


def in_context(messages: Sequence[Message], readings: Sequence[Reading], weights: Sequence[float]) -> list[Reading]:
    """The readings with what their neighbours of the same group tell; ``weights`` says what makes a matter.

    Neighbours are those given before and after in the same group, at most six and four. Linear.
    """
    found = list(readings)
    groups: dict[str, list[int]] = defaultdict(list)
    for at, message in enumerate(messages):
        groups[message.group].append(at)
    for members in groups.values():
        told = [
            (
                messages[at], readings[at], _matter(readings[at], weights), is_staff(messages[at].sender),
                _second(messages[at].time),
            )
            for at in members
        ]
        for place, at in enumerate(members):
            seen = _seen(told, place)
            found[at] = readings[at].beside((*readings[at].dense[:OWN], *seen))
    return found


Told = tuple[Message, Reading, float, bool, float | None]


def _second(time: datetime | None) -> float | None:
    return (time - START).total_seconds() if time else None


def _matter(reading: Reading, weights: Sequence[float]) -> float:
    total = sum(map(float.__mul__, reading.dense[:OWN], weights))
    return 1 / (1 + math.exp(-max(-9.0, min(9.0, total))))


def _seen(told: Sequence[Told], place: int) -> tuple[float, ...]:
    message, reading, *_ = told[place]
    before = _near(told, place, range(place - 1, max(-1, place - 1 - BACK), -1))
    after = _near(told, place, range(place + 1, min(len(told), place + 1 + AHEAD)))
    sender = message.sender
    own_before = next((one for one, _ in before if one[0].sender == sender), None)
    own_after = next((one for one, _ in after if one[0].sender == sender), None)
    return (
        *_side(before), own_before[2] if own_before else 0.0, float(own_before is not None),
        *_side(after), own_after[2] if own_after else 0.0, float(own_after is not None),
        _shared(reading, before), _shared(reading, after), _alike(reading, before), _alike(reading, after),
        float(any(_names(one[0].text, message.sender) for one, _ in after)),
        float(any(_names(message.text, one[0].sender) for one, _ in before)),
        max([one[1].dense[FIXED] for one, _ in before], default=0.0),
        max([near * (one[1].alarm is not None) for one, near in before], default=0.0),
        max([near * one[1].dense[LAUGH] for one, near in after], default=0.0),
        max([near * one[1].dense[TRADE] for one, near in before], default=0.0),
    )  # fmt: skip


def _near(told: Sequence[Told], own: int, places: range) -> list[tuple[Told, float]]:
    """Neighbours of the last or next half hour, each with how near it is (0..1)."""
    found: list[tuple[Told, float]] = []
    second = told[own][4]
    for place in places:
        other = told[place][4]
        gap = NO_GAP if second is None or other is None else abs(other - second) / 60
        if gap > NEAR_MINUTES:
            break
        found.append((told[place], 1 / (1 + gap / 6)))
    return found


def _side(near: Sequence[tuple[Told, float]]) -> tuple[float, float, float, float, float]:
    """Of one side: how near its first is, how much a matter its first two are, and whether staff speak."""
    residents = [(one[2], share) for one, share in near if not one[3]][:3]
    first, second = (*[value * share for value, share in residents], 0.0, 0.0)[:2]
    at_once = bool(near) and near[0][0][3]
    staff = max([share for one, share in near if one[3]], default=0.0)
    return near[0][1] if near else 0.0, first, second, staff, float(at_once)


def _shared(reading: Reading, near: Sequence[tuple[Told, float]]) -> float:
    if not reading.things:
        return 0.0
    return max([share for one, share in near if not reading.things.isdisjoint(one[1].things)], default=0.0)


def _alike(reading: Reading, near: Sequence[tuple[Told, float]]) -> float:
    own, size = reading.grams, len(reading.grams) or 1
    most = max([len(one[1].grams & own) for one, _ in near if not own.isdisjoint(one[1].grams)], default=0)
    return min(0.5, most / size)


def _names(text: str, sender: str) -> bool:
    """True when a text calls a sender by two neighbouring characters of the nickname."""
    return len(sender) > 1 and (sender[-2:] in text or sender[:2] in text or "@" + sender[:4] in text)
