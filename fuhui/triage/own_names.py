"""What a group of requests calls its matter: the few characters that nearly all of it says and hardly anyone else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LENGTHS = (3, 4, 5)
LEAST_GROUP, LEAST_SAYING = 4, 3
LEAST_SHARE, LEAST_OWN = 0.5, 0.6
FIRST_CHINESE, LAST_CHINESE = "\u4e00", "\u9fff"


class OwnName(NamedTuple):
    """A name, and the texts that say it."""

    name: str
    sayers: frozenset[int]


def own_names(groups: Sequence[Sequence[int]], texts: Sequence[str]) -> list[OwnName]:
    """For each group its own name and those texts, inside it and outside, that say it; empty for one without.

    A name is three to five characters, two of them Chinese, said by at least half of the group; of several the one
    that tells group and rest best apart (F1); below 0.6 it has no sayers, because others say it too. Groups below four
    have none. Linear in the texts.
    """
    wanted = [_candidates([texts[at] for at in group]) for group in groups]
    sought = set().union(*wanted) if wanted else set()
    where: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for name in sought.intersection(_pieces(text)):
            where[name].append(at)
    return [_best(group, names, where) for group, names in zip(groups, wanted, strict=True)]


def _candidates(texts: Sequence[str]) -> set[str]:
    if len(texts) < LEAST_GROUP:
        return set()
    counts = Counter(piece for text in texts for piece in set(_pieces(text)))
    least = max(LEAST_SAYING, LEAST_SHARE * len(texts))
    return {piece for piece, count in counts.items() if count >= least and _is_name(piece)}


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + length] for length in LENGTHS for at in range(len(text) - length + 1))


def _is_name(piece: str) -> bool:
    return piece.isalnum() and sum(FIRST_CHINESE <= sign <= LAST_CHINESE for sign in piece) > 1


def _best(group: Sequence[int], names: set[str], where: dict[str, list[int]]) -> OwnName:
    inside, best, chosen = set(group), 0.0, ""
    for name in sorted(names):
        share = 2 * len(inside.intersection(where[name])) / (len(inside) + len(where[name]))
        if share > best:
            best, chosen = share, name
    return OwnName(chosen, frozenset(where[chosen]) if best > LEAST_OWN else frozenset())
