# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Past answers for new questions: by what is asked about, under whatever name, then by aim and by shared characters."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from fuhui.triage.numerals import half_width
from fuhui.triage.subjects import AIMS, SUBJECTS
from fuhui.triage.vocabulary import Suggestion

NOISE = re.compile(r"请问|问一下|想问|咨询|您好|你好|谢谢|麻烦|大家|有没有人?知道|谁知道|[\s，。！？；、,.!?;:：@\[\]（）()~…“”\"《》—-]+")
# How much a trait counts: shared characters, subjects, aims; and what the answer says against what the question says.
CHARACTERS, SUBJECT, AIM, FROM_ANSWER = 1.0, 3.0, 0.6, 0.35
LONGEST, LEAST = 2000, 0.02


def grams(text: str) -> Counter[str]:
    """Character pairs and triples of a text without courtesies and signs."""
    plain = NOISE.sub("", half_width(text[:LONGEST]).lower())
    counts = Counter(plain[i : i + 2] for i in range(len(plain) - 1))
    counts.update(plain[i : i + 3] for i in range(len(plain) - 2))
    return counts if counts else Counter([plain] if plain else [])


def suggest(
    question: str, past: Iterable[tuple[str, str, str]], *, limit: int = 3
) -> list[Suggestion]:
    """The answers of the past cases nearest to the question, best first.

    ``past`` holds ``(id, question, answer)``. Compared are subjects under all their names (``subjects.SUBJECTS``), what
    the asker wants to know, and characters; an answer's words count a third. A score is a cosine in 0..1; what shares
    nothing with the question is left out. To be read by a person before it is sent.
    """
    rows = list(past)
    bags = [_bag(asked, answer) for _, asked, answer in rows]
    rarity = _rarity(bags)
    asked = _vector(_bag(question, ""), rarity)
    ranked = [(_dot(asked, _vector(bag, rarity)), at) for at, bag in enumerate(bags)]
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    return [
        Suggestion(rows[at][0], rows[at][1], rows[at][2], round(min(1.0, score), 4))
        for score, at in ranked[:limit]
        if score > LEAST
    ]


@lru_cache(maxsize=20_000)
def _bag(question: str, answer: str) -> Mapping[str, float]:
    """Traits and how strongly a text shows them."""
    bag: dict[str, float] = defaultdict(float)
    for text, share in ((question, 1.0), (answer, FROM_ANSWER)):
        for gram, count in grams(text).items():
            bag[gram] += share * (1 + math.log(count)) * len(gram) / 2 * CHARACTERS
        for name in named(text, SUBJECTS):
            trait = f"subject {name}"
            bag[trait] = max(bag[trait], share * SUBJECT)
        if share == 1:
            bag.update({f"aim {name}": AIM for name in named(text, AIMS)})
    return bag


def named(text: str, names: Mapping[str, str]) -> set[str]:
    """Which subjects or aims a text names."""
    plain = NOISE.sub("", half_width(text[:LONGEST]).lower())
    return {name for name, phrases in names.items() if any(_said(phrase, plain) for phrase in _split(phrases))}


@lru_cache(maxsize=1000)
def _split(phrases: str) -> Sequence[tuple[str, ...]]:
    return tuple(tuple(phrase.lower().split("+")) for phrase in phrases.split())


def _said(parts: tuple[str, ...], text: str) -> bool:
    return all(part in text for part in parts)


def _rarity(bags: Sequence[Mapping[str, float]]) -> dict[str, float]:
    spread = Counter(trait for bag in bags for trait in bag)
    return {trait: math.log((len(bags) + 1) / (count + 0.5)) for trait, count in spread.items()}


def _vector(bag: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, float]:
    raw = {trait: value * rarity.get(trait, 0.0) for trait, value in bag.items()}
    length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {trait: value / length for trait, value in raw.items() if value}


def _dot(a: dict[str, float], b: dict[str, float]) -> float:
    if len(a) > len(b):
        a, b = b, a
    return sum(value * b[trait] for trait, value in a.items() if trait in b)
