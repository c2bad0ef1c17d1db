"""Hot issues: which of thousands of requests are one matter, and which matters move most people.

Texts are compared by their rarest character pairs and triples: a quarter's name, a firm, a kind of noise.
Groups grow by average likeness, so that two matters that share one letter-writer do not flow together. Then each larger
group is settled by its own name (``own_names``): who says it and stands apart comes in, who does not and is unlike the
rest leaves.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fuhui.triage.grams import Floats, Ints, Sparse, count_grams
from fuhui.triage.heat import Climate, Letter, likeness_of_people
from fuhui.triage.own_names import LEAST_GROUP, own_names
from fuhui.triage.rows import tidy

BITS = 22
ORDERS = (2, 3)
TELLING = 100
HEAD_WEIGHT = 3.0
BODY_LENGTH = 400
COMMON_SHARE = 0.05
MOST_PAIRS = 30_000_000
FAINT, ALIKE = 0.02, 0.06
# How near a request must be to a group, as a share of how near its members are to each other: in a group without a
# name, without saying the group's name, and saying it. A group of two or one, or one that mostly says a larger group's
# name, is a fragment of that.
BELONGS, NAMELESS, NAMED = 0.5, 0.8, 0.3
STRAY, FRAGMENT = 2, 0.6
MOST_COMPARED, JOINT = 400, 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. ``weight`` counts those who support it (likes); ``who`` tells its writer, where known."""

    id: int | str
    title: str
    body: str = ""
    time: datetime | None = None
    weight: float = 0.0
    who: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Requests on one matter, most typical first. ``heat`` is in voices, see ``fuhui.triage.heat``."""

    entries: tuple[Entry, ...]
    heat: float

    def as_dict(self, number: int) -> dict[str, Any]:
        """JSON form; ``group`` is the rank by heat from 1."""
        times = sorted(entry.time for entry in self.entries if entry.time)
        return {
            "group": number, "ids": [entry.id for entry in self.entries], "size": len(self.entries),
            "heat": round(self.heat, 2), "first": str(times[0]) if times else None,
            "last": str(times[-1]) if times else None, "title": self.entries[0].title,
        }  # fmt: skip


def hot_issues(entries: Sequence[Entry]) -> list[Issue]:
    """All requests in groups of one matter, hottest first; every request is in exactly one group.

    The same text is the same matter; from the same writer it counts once. The order of the rows does not matter.
    """
    kept = _copies(entries)
    if not kept:
        return []
    firsts = [next(iter(same.values()))[0] for same in kept]
    texts = [_said(entry) for entry in firsts]
    letters = [[_letter(who, same[who], text) for who in sorted(same)] for same, text in zip(kept, texts, strict=True)]
    climate = Climate([letter for same in letters for letter in same])
    near = _likeness(_telling(firsts), len(kept))
    issues = []
    for group, name in _settled(_grown(near, len(kept)), near, texts):
        sent = [(letter.who, at) for at in group for letter in letters[at]]
        likeness = likeness_of_people(sent[:: math.ceil(len(sent) / MOST_COMPARED)], near)
        heat = climate.heat([letter for at in group for letter in letters[at]], likeness, name)
        chosen = tuple(entry for at in group for who in sorted(kept[at]) for entry in kept[at][who])
        issues.append(Issue(chosen, heat))
    issues.sort(key=lambda issue: (-issue.heat, -len(issue.entries), issue.entries[0].title))
    return issues


def _copies(entries: Sequence[Entry]) -> list[dict[str, list[Entry]]]:
    """The rows of each letter by writer, in an order of their own. A joint letter, sent by many, is one letter.

    What many rows say is not telling, so copies of a joint letter would not find each other by likeness.
    """
    found: dict[tuple[str, str], dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        found[entry.title, entry.body][entry.who].append(entry)
    kept: list[dict[str, list[Entry]]] = []
    for same in (found[key] for key in sorted(found)):
        kept += [same] if len(same) > JOINT else [{who: same[who]} for who in sorted(same)]
    return kept


def _letter(who: str, same: Sequence[Entry], text: str) -> Letter:
    """One letter of copies: the earliest time, the most likes; a writer without a name is told by the text."""
    times = [entry.time for entry in same if entry.time]
    likes = max(entry.weight for entry in same)
    return Letter(who or f"\x00{text}", min(times) if times else None, likes, text)


def _said(entry: Entry) -> str:
    return f"{tidy(entry.title[:1000])}\n{_opening(entry)}"


def _opening(entry: Entry) -> str:
    return tidy(entry.body[: BODY_LENGTH * 2])[:BODY_LENGTH]


def _telling(entries: Sequence[Entry]) -> Sparse:
    """Each request by its most telling n-grams, of length 1."""
    bodies = [_opening(entry) for entry in entries]
    heads = count_grams([tidy(entry.title[:1000]) for entry in entries], ORDERS, BITS)
    texts = count_grams(bodies, ORDERS, BITS)
    keys = np.concatenate([heads.owners << BITS | heads.columns, texts.owners << BITS | texts.columns])
    counts = np.concatenate([HEAD_WEIGHT * heads.values, texts.values])
    keys, inverse = np.unique(keys, return_inverse=True)
    counts = np.bincount(inverse, counts)
    owners, columns = keys >> BITS, keys & ((1 << BITS) - 1)
    spread = np.bincount(columns, minlength=1 << BITS)
    values = np.log1p(counts) * np.log(max(2, len(entries)) / spread[columns])
    values[(spread[columns] < 2) | (spread[columns] > _ceiling(spread, len(entries)))] = 0
    order = np.lexsort((columns, -values, owners))
    starts = np.searchsorted(owners, np.arange(len(entries) + 1)).astype(np.int64)
    rank = np.arange(len(order)) - starts[owners]
    chosen = np.sort(order[(rank < TELLING) & (values[order] > 0)])
    starts = np.searchsorted(owners[chosen], np.arange(len(entries) + 1)).astype(np.int64)
    return Sparse(starts, columns[chosen], values[chosen].astype(np.float32)).scaled(values[chosen])


def _ceiling(spread: NDArray[np.intp], total: int) -> int:
    """In how many requests an n-gram may stand to be compared by: few enough to bound the pairs."""
    sizes = np.bincount(spread[spread > 1]).astype(np.float64)
    work = np.cumsum(sizes * np.arange(len(sizes)) ** 2 / 2)
    bounded = int(np.searchsorted(work, MOST_PAIRS, side="right")) - 1
    return max(2, min(bounded, int(max(COMMON_SHARE * total, min(total, 20)))))


def _likeness(rows: Sparse, total: int) -> list[dict[int, float]]:
    """Cosine of every pair that shares something telling, as one map per request."""
    order = np.argsort(rows.columns, kind="stable")
    owners, columns, values = rows.owners[order], rows.columns[order], rows.values[order]
    keys, weights = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    shift = 1
    while len(same := np.flatnonzero(columns[shift:] == columns[:-shift])):
        keys.append(owners[same] * total + owners[same + shift])
        weights.append(values[same] * values[same + shift])
        shift += 1
    pairs, likeness = _summed(np.concatenate(keys), np.concatenate(weights))
    strong = likeness >= FAINT
    near: list[dict[int, float]] = [{} for _ in range(total)]
    for pair, value in zip(pairs[strong].tolist(), likeness[strong].tolist(), strict=True):
        one, other = divmod(pair, total)
        near[one][other] = near[other][one] = value
    return near


def _summed(keys: Ints, weights: Floats) -> tuple[Ints, Floats]:
    if not len(keys):
        return keys, weights
    order = np.argsort(keys, kind="stable")
    keys, weights = keys[order], weights[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[first], np.add.reduceat(weights, first)


def _grown(near: list[dict[int, float]], total: int) -> list[list[int]]:
    """Groups by average linkage: the two most alike are joined until none are alike enough."""
    links = [dict(row) for row in near]
    members: list[list[int]] = [[at] for at in range(total)]
    heap = [(-value, a, b, 1, 1) for a, row in enumerate(near) for b, value in row.items() if a < b and value >= ALIKE]
    heapq.heapify(heap)
    while heap:
        _, a, b, size_a, size_b = heapq.heappop(heap)
        if len(members[a]) != size_a or len(members[b]) != size_b:
            continue
        if size_a < size_b:
            a, b = b, a
        _join(links, members, a, b)
        for other, value in links[a].items():
            average = value / (len(members[a]) * len(members[other]))
            if average >= ALIKE:
                heapq.heappush(heap, (-average, a, other, len(members[a]), len(members[other])))
    return [group for group in members if group]


def _join(links: list[dict[int, float]], members: list[list[int]], a: int, b: int) -> None:
    """Folds ``b`` into ``a``; a link holds the sum of the likenesses between two groups."""
    for other, value in links[b].items():
        links[other].pop(b)
        if other != a:
            links[a][other] = links[other][a] = links[a].get(other, 0.0) + value
    links[b] = {}
    members[a] += members[b]
    members[b] = []


def _settled(
    groups: list[list[int]], near: list[dict[int, float]], texts: Sequence[str]
) -> list[tuple[list[int], str]]:
    """Every request in one group, most typical first, larger groups having taken in and let go by their own names.

    With each group its name, empty where it has none.
    """
    groups = sorted(groups, key=len, reverse=True)
    home = {at: group for group in groups for at in group}
    large = [group for group in groups if len(group) >= LEAST_GROUP]
    found, placed = [], set[int]()
    for group, (name, naming) in zip(large, own_names(large, texts), strict=True):
        own = [at for at in group if at not in placed]
        strays = [at for at in sorted(naming) if at not in placed and _is_fragment(home[at], group, naming)]
        if own:
            members = _members(own, strays, naming, near)
            found.append((members, name))
            placed.update(members)
    for group in groups:
        rest = [at for at in group if at not in placed]
        found += [([at], "") for at in rest] if len(group) >= LEAST_GROUP else [(rest, "")] if rest else []
    return found


def _is_fragment(part: list[int], whole: list[int], naming: frozenset[int]) -> bool:
    if part is whole or len(part) > len(whole):
        return False
    return len(part) <= STRAY or sum(at in naming for at in part) >= FRAGMENT * len(part)


def _members(group: list[int], strays: list[int], naming: frozenset[int], near: list[dict[int, float]]) -> list[int]:
    inside = set(group)
    nearness = {at: _nearness(at, inside, near) for at in (*group, *strays)}
    mean = sum(nearness[at] for at in group) / len(group)
    bar = {at: NAMED if at in naming else NAMELESS if naming else BELONGS for at in nearness}
    return sorted((at for at in nearness if nearness[at] >= bar[at] * mean), key=lambda at: (-nearness[at], at))


def _nearness(at: int, group: set[int], near: list[dict[int, float]]) -> float:
    """Mean likeness to the others of a group."""
    others = len(group) - (at in group)
    return sum(value for other, value in near[at].items() if other in group) / max(1, others)
