# ruff: noqa: E501 — long lines here are rows of numbers by name
"""What first opinions about a message's neighbours tell about it: the second look of the machine."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from fuhui.triage.features import Reading
from fuhui.triage.vocabulary import Message
from fuhui.triage.words import THINGS

BESIDE = 3
OWN_REACH = 25
BACK, AHEAD = 40, 25
STAFF_REACH = 10
MATTER_FROM = 0.35
ALIKE_ENOUGH = 0.5
NEIGHBOUR = ("report", "detail", "confirm", "chat", "staff", "same_sender", "shared", "alike_matter", "alike_chat", "alike_staff", "same_matter", "near")
FOUND = ("alike", "topic", "building")
NAMES: tuple[str, ...] = (
    "report", "detail", "confirm", "chat", "danger", "length", "topic",
    "alone_report", "alone_detail", "alone_confirm", "alone_chat",
    *(f"{side}{at}_{name}" for side in ("before", "after") for at in range(1, BESIDE + 1) for name in NEIGHBOUR),
    *(f"{side}_{name}" for side in ("own_before", "own_after") for name in (*NEIGHBOUR, "matter")), "own_count",
    *(f"{side}_{name}" for side in ("earlier", "later") for name in FOUND), "answered_by_name", "answered_alike", "answered_topic",
)  # fmt: skip
FIRST = slice(0, 4)
NOTHING_LIKE_IT = (0.0, 0.0, 0.0)
NOBODY, NO_KINDS = (0.0,) * len(NEIGHBOUR), (0.0, 0.0, 0.0, 0.0)
START = datetime(2000, 1, 1)  # noqa: DTZ001 — wall clock, as all message times
THING_BITS = {name: 1 << at for at, name in enumerate(THINGS)}


class Opinion(NamedTuple):
    """A first opinion: the chances of the four kinds of residents, of the categories, and of danger."""

    kinds: tuple[float, float, float, float]
    codes: tuple[float, ...]
    danger: float
    alone: tuple[float, ...] = (0.25, 0.25, 0.25, 0.25)


class Heard(NamedTuple):
    """One message with what is known of it so far; ``matter`` is the chance that it is one, 0 for staff."""

    message: Message
    reading: Reading
    opinion: Opinion
    staff: bool
    matter: float
    building: str | None
    second: float | None
    things: int


class Talk(NamedTuple):
    """The messages of one group in order, with the places of those by each sender, of staff, and of likely matters."""

    heard: list[Heard]
    by_sender: dict[str, list[int]]
    duty: list[int]
    matters: list[int]

    @classmethod
    def of(cls, heard: list[Heard]) -> Talk:
        """The talk with its places."""
        by_sender: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(heard):
            by_sender[one.message.sender].append(at)
        duty = [at for at, one in enumerate(heard) if one.staff]
        return cls(heard, by_sender, duty, [at for at, one in enumerate(heard) if one.matter >= MATTER_FROM])

    def within(self, places: Sequence[int], start: int, end: int) -> list[Heard]:
        """Those of the places from ``start`` up to ``end``."""
        return [self.heard[at] for at in places[bisect_left(places, start) : bisect_left(places, end)]]


def surroundings(
    messages: Sequence[Message], readings: Sequence[Reading], opinions: Sequence[Opinion], staff: Sequence[bool]
) -> list[tuple[float, ...]]:
    """The numbers named in ``NAMES`` for every message. Neighbours are those of the same group. Linear."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, message in enumerate(messages):
        groups[message.group].append(at)
    found: list[tuple[float, ...]] = [()] * len(messages)
    for members in groups.values():
        talk = Talk.of([_heard(messages[at], readings[at], opinions[at], staff[at]) for at in members])
        for place, at in enumerate(members):
            found[at] = (*_own(talk.heard[place]), *_around(talk, place), *_further(talk, place))
    return found


def _heard(message: Message, reading: Reading, opinion: Opinion, staff: bool) -> Heard:
    matter = 0.0 if staff else 1 - opinion.kinds[3]
    second = (message.time - START).total_seconds() if message.time else None
    return Heard(message, reading, opinion, staff, matter, strong_building(reading), second, _mask(reading.things))


@lru_cache(maxsize=4096)
def _mask(names: frozenset[str]) -> int:
    """The things that a message is about as bits of one number, quickly met with another's."""
    return sum(THING_BITS[name] for name in names)


def _own(one: Heard) -> Iterator[float]:
    yield from _logs(one.opinion.kinds)
    yield math.log(one.opinion.danger + 0.01)
    yield len(one.reading.plain) ** 0.5 / 5
    yield max(one.opinion.codes, default=0.0)
    yield from _logs(one.opinion.alone)


def _logs(chances: Sequence[float]) -> list[float]:
    logs = [math.log(chance + 1e-3) for chance in chances]
    middle = sum(logs) / len(logs)
    return [value - middle for value in logs]


def _around(talk: Talk, place: int) -> list[float]:
    found: list[float] = []
    heard = talk.heard
    one, last = heard[place], len(heard) - 1
    for step in range(1, BESIDE + 1):
        found += _beside(one, heard[place - step]) if place >= step else NOBODY
    for step in range(1, BESIDE + 1):
        found += _beside(one, heard[place + step]) if place + step <= last else NOBODY
    mine = talk.by_sender[one.message.sender]
    before = talk.within(mine, place - OWN_REACH, place)
    after = talk.within(mine, place + 1, place + OWN_REACH)
    for own, nearest in ((before, -1), (after, 0)):
        found += _beside(one, own[nearest]) if own else NOBODY
        found.append(max([x.matter for x in own], default=0.0))
    found.append(len(before) ** 0.5)
    return found


def _beside(one: Heard, other: Heard) -> tuple[float, ...]:
    message, reading, _, _, _, _, second, things = one
    other_message, other_reading, opinion, staff, matter, _, other_second, other_things = other
    gap = 1.0 if second is None or other_second is None else abs(second - other_second) / 60
    near = 1 / (1 + gap / 6)
    same = message.sender == other_message.sender
    grams = reading.grams
    alike = 0.0
    if not grams.isdisjoint(other_reading.grams):
        alike = min(ALIKE_ENOUGH, len(grams & other_reading.grams) / (len(grams) or 1))
    report, detail, confirm, chat = NO_KINDS if staff else opinion.kinds
    shared = things & other_things != 0
    likeness = near * alike
    return (
        near * report, near * detail, near * confirm, near * chat, near * staff,
        near * same, near * shared * (1 - chat), likeness * matter, likeness * chat, likeness * staff,
        near * same * matter, near,
    )  # fmt: skip


def _further(talk: Talk, place: int) -> Iterator[float]:
    one = talk.heard[place]
    yield from _likest(one, talk.within(talk.matters, place - BACK, place))
    yield from _likest(one, talk.within(talk.matters, place + 1, place + AHEAD))
    duty = talk.within(talk.duty, place + 1, place + STAFF_REACH)
    yield float(any(_calls(x.message.text, one.message.sender) for x in duty))
    size = len(one.reading.grams) or 1
    yield max((len(one.reading.grams & x.reading.grams) / size for x in duty), default=0.0)
    yield float(any(one.things & x.things for x in duty))


def _likest(one: Heard, others: Sequence[Heard]) -> tuple[float, float, float]:
    """The most that any of these matters agrees with this message: in words, in topic, in the building."""
    if not others:
        return NOTHING_LIKE_IT
    words = topic = building = 0.0
    grams, size, things = one.reading.grams, len(one.reading.grams) or 1, one.things
    home, codes = one.building, one.opinion.codes
    for _, reading, opinion, _, matter, other_home, _, other_things in others:
        if matter * ALIKE_ENOUGH > words and not grams.isdisjoint(reading.grams):
            words = max(words, matter * min(ALIKE_ENOUGH, len(grams & reading.grams) / size))
        if matter > topic and things & other_things:
            topic = max(topic, matter * sum(map(float.__mul__, codes, opinion.codes)))
        if matter > building and home and home == other_home:
            building = matter
    return words, topic, building


def strong_building(reading: Reading) -> str | None:
    """The building that the words of a message name; a nickname does not count."""
    place = reading.place
    return place.building if place is not None and not place.weak else None


def _calls(text: str, sender: str) -> bool:
    return len(sender) > 1 and (sender[-2:] in text or "@" + sender[:4] in text)
