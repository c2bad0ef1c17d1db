"""Words that carry meaning in a community's groups, and a fast scan for them.

``CATEGORY`` gives words with a weight of 1..4 per category code; ``THINGS`` names what a
matter is about, for comparing matters; ``SIGNALS`` are words that tell what a message does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from operator import add

from fuhui.triage.words import CATEGORY, SIGNALS, THINGS

Hits = dict[str, list[str]]
END = "\0"


def _index() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Words by their first two characters, longest first; few places of a text then need a second look."""
    tags: dict[str, set[str]] = defaultdict(set)
    for code, levels in CATEGORY.items():
        for weight, words in levels.items():
            for word in words.split():
                tags[word].add(f"{code}:{weight}")
    for prefix, table in (("!", THINGS), ("", SIGNALS)):
        for name, words in table.items():
            for word in words.split():
                tags[word].add(prefix + name)
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for word, names in tags.items():
        index[word[:2]].append((word, tuple(sorted(names))))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return dict(index)


_INDEX = _index()
_PAIRS = {start: entries for start, entries in _INDEX.items() if len(start) > 1}
_SINGLE = {start: entries for start, entries in _INDEX.items() if len(start) == 1}


def scan(text: str) -> Hits:
    """Tag → the words found, in order of appearance. Linear in the length of the text."""
    hits: Hits = {}
    pairs = map(_PAIRS.get, map(add, text, text[1:] + END))
    for at, (longer, single) in enumerate(zip(pairs, map(_SINGLE.get, text), strict=True)):
        if longer or single:
            for word, names in (*(longer or ()), *(single or ())):
                if text.startswith(word, at):
                    for name in names:
                        hits.setdefault(name, []).append(word)
    return hits


def things(hits: Mapping[str, list[str]]) -> frozenset[str]:
    """What the text is about: the names in ``THINGS``."""
    return frozenset(name[1:] for name in hits if name[0] == "!")


def category_scores(hits: Mapping[str, list[str]]) -> dict[str, float]:
    """Category code → weight of its words; a word counts once."""
    scores: dict[str, float] = {}
    for name, words in hits.items():
        code, _, weight = name.partition(":")
        if weight:
            scores[code] = scores.get(code, 0.0) + float(weight) * len(set(words))
    return scores
