# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Which messages speak of one matter: place first, then words, people and time."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from fuhui.triage.features import Reading
from fuhui.triage.places import Comparison, compare
from fuhui.triage.vocabulary import Message, Place

WIDE = frozenset({"停水", "停电", "暖气", "网络"})
ACROSS = WIDE | {"走失", "诈骗"}
ACROSS_HOURS = {"停水": 5, "停电": 4, "暖气": 6, "网络": 4, "走失": 14, "诈骗": 36}
HONORIFIC = re.compile(r"([\u4e00-\u9fff])(?:叔|姨|婶|哥|姐|爷|师傅|大爷|大妈|大姐|大哥|阿姨|老师|女士|先生|奶奶|总)")
NOT_CALLED = frozenset({"号楼", "单元", "妈妈", "爸爸", "先生", "女士", "业主", "师傅", "老师", "社区", "物业", "快递", "外卖"})
MENTION = re.compile(r"@([^\s@，。：:、]{1,30})")
LINK_AT = 0.45
THREE_QUARTERS = timedelta(minutes=45)


@dataclass(slots=True)
class Case:
    """A matter while a transcript is read."""

    key: str
    groups: set[str]
    first: datetime
    last: datetime
    senders: dict[str, datetime] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    things: set[str] = field(default_factory=set)
    grams: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    alarms: set[str] = field(default_factory=set)
    urgent: bool = False
    closed: datetime | None = None
    answered: bool = False
    last_in: dict[str, datetime] = field(default_factory=dict)

    def take(self, message: Message, reading: Reading, at: datetime) -> None:
        """Fold a message of the matter into what is known about it."""
        self.groups.add(message.group)
        self.senders[message.sender] = at
        self.last, self.last_in[message.group] = at, at
        if reading.place is not None and not reading.place.is_empty and len(self.places) < 12:
            self.places.append(reading.place)
        self.things |= reading.things
        if len(self.grams) < 400:
            self.grams |= reading.grams
        self.texts.append(message.text[:200])


@dataclass(slots=True)
class Link:
    """How strongly a message belongs to a case. Most links lose, so the words are only put together when asked for."""

    case: Case | None
    score: float
    said: tuple[str, ...] = ()
    conflict: bool = False
    shared: frozenset[str] = frozenset()
    gap: float | None = None
    gap_words: str = "相隔 {}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in Chinese: the place, what both speak of, the people, the time between."""
        told = list(self.said)
        if self.shared:
            told.append(f"都说到{'、'.join(sorted(self.shared))}")
        if self.gap is not None:
            told.append(self.gap_words.format(spoken_gap(self.gap)))
        return tuple(told)


@dataclass(slots=True)
class Rarity:
    """How telling a character pair is in this transcript."""

    weights: dict[str, float]
    unseen: float
    wholes: dict[frozenset[str], float] = field(default_factory=dict)

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> Rarity:
        """Weights from how many messages hold each pair."""
        counts: Counter[str] = Counter()
        total = 1
        for reading in readings:
            counts.update(reading.grams)
            total += 1
        base = math.log(total + 20)
        return cls({g: base - math.log(n + 1) for g, n in counts.items()}, base)

    def alike(self, a: frozenset[str], b: set[str] | frozenset[str]) -> float:
        """Share of the weight of ``a`` that ``b`` holds too, 0..1."""
        shared = a & b
        if not shared:
            return 0.0
        whole = self.wholes.get(a)
        if whole is None:
            whole = self.wholes[a] = self._weight(a)
        return self._weight(shared) / whole if whole else 0.0

    def _weight(self, grams: Iterable[str]) -> float:
        get, unseen = self.weights.get, self.unseen
        return sum([get(gram, unseen) for gram in grams])


def minutes(later: datetime, earlier: datetime) -> float:
    """Minutes between two moments, never negative."""
    return max(0.0, (later - earlier).total_seconds() / 60)


def link(
    message: Message, reading: Reading, case: Case, at: datetime, rarity: Rarity, latest: bool = False
) -> Link:
    """Score (about -1..2) of a resident's message against one case of the same group.

    ``latest`` says that the group spoke of this case last.
    """
    if not latest and _unrelated(message, reading, case, at):
        return Link(case, -0.5)
    other = reading.has("notsame")
    if other and message.sender not in case.senders:
        return Link(case, -1.0, ("说明不是同一件事",), True)
    wide = bool(case.things & WIDE and reading.things & WIDE & case.things)
    place, reason, conflict = (0.0, "", False) if other else _place_score(reading, case, wide)
    if conflict:
        return Link(case, -1.0, (reason,), True)
    words, shared = _word_score(reading, case, rarity)
    people = _people_score(message, reading, case, at)
    if message.quote and _quotes(message.quote, case):
        people += 0.9
    if latest:
        people += _nearness(message, case, at)
    if reading.alarm is not None and reading.alarm.kind in case.alarms and minutes(at, case.last) <= 60:
        people += 0.45
    age = _age_penalty(case, at)
    score = place + words + people - age
    if place >= 0.25 and shared and not wide:
        score += 0.25
    said = (reason,) if reason else ()
    if message.sender in case.senders:
        said = (*said, "同一人接着说")
    return Link(case, score, said, shared=shared, gap=minutes(at, case.last))


def _unrelated(message: Message, reading: Reading, case: Case, at: datetime) -> bool:
    """A quick no: other people, other things, and not of this hour."""
    if message.sender in case.senders or message.quote or at - case.last <= THREE_QUARTERS:
        return False
    return reading.things.isdisjoint(case.things) and not (reading.place and case.places)


def spoken_gap(gap: float) -> str:
    """Minutes as people say them."""
    if gap < 60:
        return f"{int(gap)} 分钟"
    return f"{int(gap / 60)} 小时" if gap < 48 * 60 else f"{int(gap / 1440)} 天"


def _place_score(reading: Reading, case: Case, wide: bool) -> tuple[float, str, bool]:
    if reading.place is None or not case.places:
        return 0.0, "", False
    found = [_compared(reading.place, place) for place in case.places]
    best = max(found, key=lambda c: c.score)
    if all(c.conflict for c in found) and not wide:
        return -1.0, best.words, True
    if wide:
        return max(0.0, best.score) * 0.3, best.words if best.score > 0 else "", False
    weight = 0.55 if best.score > 0 else 0.6
    return best.score * weight, best.words if best.score > 0 else "", False


@lru_cache(maxsize=16_384)
def _compared(a: Place, b: Place) -> Comparison:
    return compare(a, b)


def _word_score(reading: Reading, case: Case, rarity: Rarity) -> tuple[float, frozenset[str]]:
    shared = reading.things & case.things
    alike = rarity.alike(reading.grams, case.grams)
    score = 0.75 * min(alike * 1.5, 1.0)
    if shared:
        score += 0.3
    elif reading.things and case.things:
        score -= 0.3
    return score, shared


def _people_score(message: Message, reading: Reading, case: Case, at: datetime) -> float:
    spoke = case.senders.get(message.sender)
    if spoke is not None:
        gap = minutes(at, spoke)
        return 0.65 if gap <= 4 else 0.5 if gap <= 15 else 0.3 if gap <= 90 else 0.15
    score = 0.0
    here = case.last_in.get(message.group)
    gap = minutes(at, here) if here else 1e9
    if reading.has("plus"):
        score += 0.5 if gap <= 30 else 0.3 if gap <= 240 else 0.0
    if gap <= 6:
        score += 0.15
    if case.urgent and case.closed is None and gap <= 45:
        score += 0.25
    if "@" in message.text and any(name in message.text for name in _mentioned(message.text, case)):
        score += 0.35
    return score


def _nearness(message: Message, case: Case, at: datetime) -> float:
    """Talk goes on about what was spoken of a moment ago."""
    here = case.last_in.get(message.group)
    gap = minutes(at, here) if here else 1e9
    near = 0.4 if gap <= 4 else 0.3 if gap <= 12 else 0.12 if gap <= 40 else 0.0
    return near + (0.15 if case.urgent and case.closed is None and gap <= 45 else 0.0)


def _mentioned(text: str, case: Case) -> list[str]:
    if "@" not in text:
        return []
    return [name for name in case.senders if any(m and m in name for m in MENTION.findall(text))]


def _quotes(quote: str, case: Case) -> bool:
    return any(text and (text[:40] in quote or quote[:40] in text) for text in case.texts)


def _age_penalty(case: Case, at: datetime) -> float:
    hours = minutes(at, case.last) / 60
    penalty = 0.0 if hours <= 12 else 0.1 if hours <= 48 else 0.25 if hours <= 120 else 0.5
    if case.closed is not None:
        since = minutes(at, case.closed)
        penalty += 0.1 if since <= 20 else 0.9 if since <= 180 else 2.0
    return penalty


def link_across(message: Message, reading: Reading, case: Case, at: datetime, rarity: Rarity) -> Link:
    """Score against a case of another group: only what plainly spans groups."""
    shared = reading.things & case.things & ACROSS
    if not shared or (case.closed and minutes(at, case.closed) > 30):
        return Link(case, -1.0)
    hours = minutes(at, case.first) / 60
    if hours > max(ACROSS_HOURS[name] for name in shared):
        return Link(case, -1.0)
    alike = rarity.alike(reading.grams, case.grams)
    said = ("别的群也在说" + "、".join(sorted(shared)),)
    if shared & WIDE:
        near = 0.62 if hours <= 1.5 else 0.5 if hours <= 3 else 0.4
        return Link(case, near + alike * 0.5, said, gap=hours * 60)
    shared_more = len(reading.things & case.things) > 1
    strong = (0.5 if shared_more else 0.3) + alike * 2.2 + (0.2 if case.urgent and hours <= 6 else 0.0)
    return Link(case, strong, said, gap=hours * 60)


def staff_link(
    message: Message, reading: Reading, case: Case, at: datetime, rarity: Rarity, latest: bool = False
) -> Link:
    """Score of a staff message as an answer to a case of its group."""
    here = case.last_in.get(message.group)
    if here is None:
        return Link(case, -1.0)
    gap = minutes(at, here)
    place, reason, conflict = _place_score(reading, case, bool(case.things & WIDE))
    words, shared = _word_score(reading, case, rarity)
    score = words + (-0.5 if conflict else place)
    if _mentioned(message.text, case) or _addressed(message.text, case):
        score += 0.75
    if message.quote and _quotes(message.quote, case):
        score += 0.9
    score += 0.4 if gap <= 15 else 0.3 if gap <= 75 else 0.15 if gap <= 240 else -0.1
    score += 0.2 if not case.answered else 0.0
    score += 0.25 if latest else 0.0
    score += 0.25 if case.urgent and gap <= 20 else 0.0
    score -= 0.5 if case.closed and minutes(at, case.closed) > 30 else 0.0
    said = (reason,) if reason else ()
    return Link(case, score, said, shared=shared, gap=gap, gap_words="在 {}后回应")


def _addressed(text: str, case: Case) -> bool:
    """True when the text calls someone of the case by a part of the nickname."""
    names = _called(text)
    if any(name in sender for name in names for sender in case.senders):
        return True
    return any(pair in text for sender in case.senders for pair in _callable_pairs(sender))


@lru_cache(maxsize=1024)
def _called(text: str) -> tuple[str, ...]:
    return tuple(HONORIFIC.findall(text))


@lru_cache(maxsize=4096)
def _callable_pairs(sender: str) -> tuple[str, ...]:
    pairs = (sender[i : i + 2] for i in range(len(sender) - 1))
    return tuple(p for p in pairs if p not in NOT_CALLED and all("\u4e00" <= c <= "\u9fff" for c in p))


def best_of(links: Iterable[Link]) -> Link:
    """The strongest link; an empty one where there are none."""
    return max(links, key=lambda item: item.score, default=Link(None, -1.0))


def still_open(cases: Mapping[str, Case], at: datetime, days: int = 14) -> list[Case]:
    """Cases heard of within the window."""
    return [case for case in cases.values() if at - case.last <= timedelta(days=days)]
