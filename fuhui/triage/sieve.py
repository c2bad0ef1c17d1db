"""Which of many patterns can match a text at all: told from single characters, long before a pattern is tried."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from importlib import import_module
from operator import or_
from typing import Any

parser: Any = import_module("re._parser")
EVERYDAY = frozenset("的了人子在一不有是我里上下来去家门水车孩老")
WIDEST_RANGE = 40
Need = frozenset[str]


class Sieve:
    """The patterns worth trying on a text, in their order. A pattern that would match is never left out."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always = 0
        self._by_char: dict[str, int] = {}
        for at, pattern in enumerate(patterns):
            need = _best(_needs(parser.parse(pattern.pattern)))
            if need is None:
                self._always |= 1 << at
            for char in need or ():
                self._by_char[char] = self._by_char.get(char, 0) | 1 << at

    def worth(self, text: str) -> Iterator[int]:
        """Places of the patterns that may match, in order."""
        get = self._by_char.get
        left = reduce(or_, [get(char, 0) for char in set(text)], self._always)
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest


def _best(needs: list[Need]) -> Need | None:
    """The set least likely to be met by chance; None where nothing is needed for sure."""
    return min(needs, key=lambda need: (len(need) + 6 * len(need & EVERYDAY), sorted(need)), default=None)


def _needs(items: Any) -> list[Need]:
    """Sets of characters: a text that matches holds at least one of each set."""
    return [need for op, given in items for need in _needed(str(op), given)]


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
        else:
            return []
    return [frozenset(chars)]
