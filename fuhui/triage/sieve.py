"""Which of many patterns can match a text at all: told from characters and their pairs, before a pattern is tried."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from importlib import import_module
from itertools import pairwise
from operator import add, or_
from typing import Any

parser: Any = import_module("re._parser")
EVERYDAY = frozenset((*"的了人子在一不有是我里上下来去家门水车孩老", r"\d"))
WIDEST_RANGE, WIDEST_PRODUCT = 40, 400
DIGIT = r"\d"
Need = frozenset[str]


class Sieve:
    """The patterns worth trying on a text, in their order. A pattern that would match is never left out."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._branches: list[tuple[int, list[Need]]] = []
        self._always = 0
        self._by_sign: dict[str, int] = {}
        for at, pattern in enumerate(patterns):
            for needs in _ways(parser.parse(pattern.pattern)):
                self._add(at, needs)

    def _add(self, at: int, needs: list[Need]) -> None:
        """A branch of a pattern, found by its hardest need; the others are looked at only then."""
        bit = 1 << len(self._branches)
        self._branches.append((at, needs[1:]))
        if not needs:
            self._always |= bit
            return
        for sign in needs[0]:
            self._by_sign[sign] = self._by_sign.get(sign, 0) | bit

    def worth(self, text: str) -> Iterator[int]:
        """Places of the patterns that may match, in order."""
        signs, told, branches = set(text), -1, self._branches
        if any(map(str.isdecimal, signs)):
            signs.add(DIGIT)
        signs.update(map(add, text, text[1:]))
        known = self._by_sign.keys() & signs
        left = reduce(or_, map(self._by_sign.__getitem__, known), self._always)
        while left:
            lowest = left & -left
            at, needs = branches[lowest.bit_length() - 1]
            left ^= lowest
            if at == told:
                continue
            for need in needs:
                if signs.isdisjoint(need):
                    break
            else:
                told = at
                yield at


def _ways(items: Any) -> list[list[Need]]:
    """What each branch of a pattern needs, all of it; the pattern matches only by one of them."""
    parts = list(items)
    if len(parts) == 1 and str(parts[0][0]) == "BRANCH":
        return [_hardest_first(_needs(branch)) for branch in parts[0][1][1]]
    if len(parts) > 1 and str(parts[-1][0]) == "BRANCH":
        before = _needs(parts[:-1])
        return [_hardest_first(before + _needs(branch)) for branch in parts[-1][1][1]]
    return [_hardest_first(_needs(parts))]


def _best(needs: list[Need]) -> Need | None:
    """The set least likely to be met by chance; None where nothing is needed for sure."""
    return next(iter(_hardest_first(needs)), None)


def _hardest_first(needs: list[Need]) -> list[Need]:
    """The sets in order, the one least likely to be met by chance first."""
    return sorted(needs, key=lambda need: (sum(map(_ease, need)), sorted(need)))


def _ease(sign: str) -> float:
    """How easily a sign is met by chance."""
    return 7.0 if sign in EVERYDAY else 1.0 if len(sign) == 1 else 0.1


def _needs(items: Any) -> list[Need]:
    """Sets of characters or pairs: a text that matches holds at least one of each set."""
    parts = [(str(op), given) for op, given in items]
    found = [need for op, given in parts for need in _needed(op, given)]
    return found + [pairs for one, other in pairwise(parts) if (pairs := _pairs(_single(*one), _first(*other)))]


def _pairs(ends: Need, begins: Need) -> Need:
    """The pairs of neighbours that two neighbouring parts make; nothing where they are too many or unknown."""
    many = len(ends) * len(begins)
    return frozenset(a + b for a in ends for b in begins) if 0 < many <= WIDEST_PRODUCT else frozenset()


def _single(op: str, given: Any) -> Need:
    """The characters that a part of exactly one character can be; nothing where that is not known."""
    if op == "LITERAL":
        return frozenset(chr(given))
    found = _of_class(given) if op == "IN" else []
    return found[0] if found and DIGIT not in found[0] else frozenset()


def _first(op: str, given: Any) -> Need:
    """The characters that a part can begin with; nothing where it may be empty or is not known."""
    if op in {"LITERAL", "IN"}:
        return _single(op, given)
    if op == "SUBPATTERN":
        return _first_of(given[3])
    if op in {"MAX_REPEAT", "MIN_REPEAT"} and given[0] >= 1:
        return _first_of(given[2])
    if op == "BRANCH":
        begins = [_first_of(branch) for branch in given[1]]
        return frozenset().union(*begins) if all(begins) else frozenset()
    return frozenset()


def _first_of(items: Any) -> Need:
    parts = list(items)
    return _first(str(parts[0][0]), parts[0][1]) if parts else frozenset()


def _needed(op: str, given: Any) -> list[Need]:
    if op == "LITERAL":
        return [frozenset(chr(given))]
    if op == "IN":
        return _of_class(given)
    if op == "SUBPATTERN":
        return _needs(given[3])
    if op in {"MAX_REPEAT", "MIN_REPEAT"} and given[0] >= 1:
        return _needs(given[2])
    if op == "BRANCH":
        found = [_best(_needs(branch)) for branch in given[1]]
        known = [need for need in found if need is not None]
        return [frozenset().union(*known)] if len(known) == len(found) else []
    return []


def _of_class(given: Any) -> list[Need]:
    chars: set[str] = set()
    for op, value in given:
        if str(op) == "LITERAL":
            chars.add(chr(value))
        elif str(op) == "RANGE" and value[1] - value[0] < WIDEST_RANGE:
            chars.update(map(chr, range(value[0], value[1] + 1)))
        elif str(value) == "CATEGORY_DIGIT":
            chars.add(DIGIT)
        else:
            return []
    return [frozenset(chars)]
