# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Matters while a transcript is read: what is known about each, and what can span several groups."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from fuhui.triage.features import Reading
from fuhui.triage.vocabulary import Message, Place

WIDE = frozenset({"停水", "停电", "暖气", "网络"})
ACROSS = WIDE | {"走失", "诈骗"}
ACROSS_HOURS = {"停水": 5, "停电": 4, "暖气": 6, "网络": 4, "走失": 14, "诈骗": 36}
HONORIFIC = re.compile(r"([\u4e00-\u9fff])(?:叔|姨|婶|哥|姐|爷|师傅|大爷|大妈|大姐|大哥|阿姨|老师|女士|先生|奶奶|总)")
NOT_CALLED = frozenset({"号楼", "单元", "妈妈", "爸爸", "先生", "女士", "业主", "师傅", "老师", "社区", "物业", "快递", "外卖"})
MENTION = re.compile(r"@([^\s@，。：:、]{1,30})")
MOST_PARTS, MOST_GRAMS = 12, 400


@dataclass(slots=True)
class Case:
    """A matter while a transcript is read. ``codes`` adds up what its messages say of categories,
    ``hot`` is when danger was last spoken of."""

    key: str
    groups: set[str]
    first: datetime
    last: datetime
    senders: dict[str, datetime] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    things: set[str] = field(default_factory=set)
    grams: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    parts: list[frozenset[str]] = field(default_factory=list)
    codes: list[float] = field(default_factory=list)
    alarms: set[str] = field(default_factory=set)
    urgent: bool = False
    hot: datetime | None = None
    closed: datetime | None = None
    answered: bool = False
    last_in: dict[str, datetime] = field(default_factory=dict)
    starter: str = ""
    turn: int = 0

    def take(self, message: Message, reading: Reading, at: datetime) -> None:
        """Fold a resident's message into what is known about the matter."""
        self.starter = self.starter or message.sender
        self.groups.add(message.group)
        self.senders[message.sender] = at
        self.touch(message, at)
        elsewhere = reading.place is None or reading.place.is_empty or reading.has("notsame")
        if not elsewhere and reading.place is not None and len(self.places) < MOST_PARTS:
            self.places.append(reading.place)
        self.things |= reading.things
        if len(self.grams) < MOST_GRAMS:
            self.grams |= reading.grams
        if len(self.parts) < MOST_PARTS:
            self.parts.append(reading.grams)
        self.texts.append(message.text[:200])

    def touch(self, message: Message, at: datetime) -> None:
        """Note that the group spoke of the matter at this moment."""
        self.last = self.last_in[message.group] = at


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
        return math.fsum([get(gram, unseen) for gram in grams])  # the same in any order


def minutes(later: datetime, earlier: datetime) -> float:
    """Minutes between two moments, never negative."""
    gap = (later - earlier).total_seconds() / 60
    return gap if gap > 0 else 0.0


def spoken_gap(gap: float) -> str:
    """Minutes as people say them."""
    if gap < 60:
        return f"{int(gap)} 分钟"
    return f"{int(gap / 60)} 小时" if gap < 48 * 60 else f"{int(gap / 1440)} 天"


def mentioned(text: str, case: Case) -> bool:
    """True when the text calls one of the matter's people by @."""
    if "@" not in text:
        return False
    names = MENTION.findall(text)
    return any(name in sender for sender in case.senders for name in names)


def quotes(quote: str, case: Case) -> bool:
    """True when the quoted text is one of the matter."""
    return any(text and (text[:40] in quote or quote[:40] in text) for text in case.texts)


def addressed(text: str, case: Case) -> bool:
    """True when the text calls someone of the matter by a part of the nickname."""
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


def across(reading: Reading, case: Case, at: datetime, rarity: Rarity) -> float:
    """How strongly (0..1.5) a message belongs to a matter of another group: only what plainly spans groups."""
    shared = reading.things & case.things & ACROSS
    if not shared or (case.closed and minutes(at, case.closed) > 30):
        return 0.0
    hours = minutes(at, case.first) / 60
    if hours > max(ACROSS_HOURS[name] for name in shared):
        return 0.0
    alike = rarity.alike(reading.grams, case.grams)
    if shared & WIDE:
        return (0.62 if hours <= 1.5 else 0.5 if hours <= 3 else 0.4) + alike * 0.5
    more = len(reading.things & case.things) > 1
    return (0.5 if more else 0.3) + alike * 2.2 + (0.2 if case.urgent and hours <= 6 else 0.0)
