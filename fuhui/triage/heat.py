"""How hot a matter is: how many different people one concrete thing moves, how closely together, and who backs them.

    heat = share of one thing × writers × concentration in time + support by likes

in voices: 1 is one person who wrote. The parts and where their numbers come from are told at each function; the
numbers of ``share_of_one_thing`` were fitted to groups of two other tables whose letters had been read.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fuhui.triage.whereabouts import places_in, share_of_one_place

CHINESE = ("\u4e00", "\u9fff")
TELLING_WORDS = 10
# Odds that a letter of a group speaks of the group's one thing: SURE · likeness^LIKE · words^WORDS · e^(PLACE·place), a
# place that half of the people name being place enough.
SURE, LIKE, WORDS, PLACE, ENOUGH = 3.7, 1.36, 0.21, 0.96, 0.5
MONTH, DRAWS = 30.0, 200
ORDINARY, LIKES_A_VOICE = 0.99, 100.0


@dataclass(frozen=True, slots=True)
class Letter:
    """What heat looks at: who wrote (never empty), when, with how many likes, and the text."""

    who: str
    time: datetime | None
    likes: float
    text: str


class Climate:
    """What is ordinary in a table, against which one matter stands out: words, likes, and letters over time."""

    def __init__(self, letters: Sequence[Letter]) -> None:
        self.total = len(letters)
        self.spread = Counter(pair for letter in letters for pair in pairs_of(letter.text))
        self.places = Counter(place for letter in letters for place in places_in(letter.text))
        self.likes = _ordinary([letter.likes for letter in letters])
        self.days = np.array(sorted(_day(letter.time) for letter in letters if letter.time))
        self._chances: dict[int, float] = {}

    def heat(self, letters: Sequence[Letter], likeness: float, name: str = "") -> float:
        """Heat of a group in voices; ``likeness`` is that of different people's letters, ``name`` the group's own."""
        people = {letter.who: letter.text for letter in reversed(letters)}
        share = 1.0
        if len(people) > 1:
            texts = list(people.values())
            place = share_of_one_place([places_in(text) for text in texts], self.places, self.total)
            share = share_of_one_thing(likeness, self.shared_words(texts, name), place)
        return share * len(people) * self.concentration(letters) + self.support(letters, share)

    def shared_words(self, texts: Sequence[str], name: str) -> float:
        """What a group says together besides its name: the mean information of its ten most telling character pairs.

        A pair counts p·ln(p/q): p the share of the other people in the group who say it too, q the share of the rest
        of the table. A list of everything around one estate or office shares the name and little else.
        """
        own, others, rest = set(name), max(1, len(texts) - 1), self.total - len(texts) + 1
        found = []
        for pair, count in Counter(pair for text in texts for pair in pairs_of(text)).items():
            inside, outside = (count - 1) / others, (max(0, self.spread[pair] - count) + 0.5) / rest
            if inside > outside and not own.intersection(pair):
                found.append(inside * math.log(inside / outside))
        return math.fsum(sorted(found, reverse=True)[:TELLING_WORDS]) / TELLING_WORDS

    def concentration(self, letters: Sequence[Letter]) -> float:
        """How much of a matter falls into its busiest thirty days, against letters drawn from the table by chance.

        1 is chance, 2 the most there can be; letters without a time do not count, and 1 where fewer than two have one.
        """
        days = np.array(sorted(_day(letter.time) for letter in letters if letter.time))
        if len(days) < 2:
            return 1.0
        busiest = _busiest(days)
        return 2 * busiest / (busiest + self.by_chance(len(days)))

    def by_chance(self, count: int) -> float:
        """The busiest thirty days' mean share of so many letters drawn from the table; the same draws every time."""
        if count not in self._chances:
            draw = np.random.default_rng(count)
            shares = [_busiest(np.sort(draw.choice(self.days, count))) for _ in range(DRAWS)]
            self._chances[count] = float(np.mean(shares))
        return self._chances[count]

    def support(self, letters: Sequence[Letter], share: float = 1.0) -> float:
        """Likes beyond what so many letters of this table get anyway, in voices.

        A like backs one letter: those of the most liked letter count whole, the others by the share of the group that
        is about one thing. A like costs a tap and draws others, so likes count with the root: 100 for one voice, 2,500
        for five.
        """
        most = max(letter.likes for letter in letters)
        likes = most + share * (sum(letter.likes for letter in letters) - most)
        return math.sqrt(max(0.0, likes - self.likes * len(letters)) / LIKES_A_VOICE)


def share_of_one_thing(likeness: float, words: float, place: float) -> float:
    """Which share (0..1) of a group is about its one main matter at one place, as a reader would reckon.

    Logistic in the logarithms, fitted to the shares of 150 groups of two other tables, read by hand.
    """
    odds = SURE * math.pow(max(0.0, likeness), LIKE) * math.pow(max(0.0, words), WORDS)
    odds *= math.exp(PLACE * min(place, ENOUGH))
    return odds / (1 + odds)


def likeness_of_people(sent: Sequence[tuple[str, int]], near: Sequence[dict[int, float]]) -> float:
    """Mean over pairs of different people of the likeness of their two most alike letters; 0 for one person.

    ``sent`` are writers with the number of the text they sent; what one person sends again says nothing about whether
    people agree.
    """
    best: dict[tuple[str, str], float] = defaultdict(float)
    for place, (who, at) in enumerate(sent):
        for other, there in sent[place + 1 :]:
            if who != other:
                key = (who, other) if who < other else (other, who)
                best[key] = max(best[key], 1.0 if at == there else near[at].get(there, 0.0))
    return math.fsum(best.values()) / len(best) if best else 0.0


def pairs_of(text: str) -> frozenset[str]:
    """Pairs of Chinese characters that stand side by side."""
    first, last = CHINESE
    return frozenset(a + b for a, b in pairwise(text) if first <= a <= last and first <= b <= last)


def _ordinary(likes: Sequence[float]) -> float:
    """Mean likes of a letter, the most liked hundredth left out."""
    kept = sorted(likes)[: math.ceil(ORDINARY * len(likes))]
    return sum(kept) / len(kept) if kept else 0.0


def _day(time: datetime) -> float:
    return time.toordinal() + time.hour / 24


def _busiest(days: NDArray[np.float64]) -> float:
    """The largest share of sorted days that lies within thirty days."""
    ends = np.searchsorted(days, days + MONTH, side="left")
    return float((ends - np.arange(len(days))).max() / len(days))
