# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Past answers for new questions, by likeness of their character pairs and triples."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from fuhui.triage.numerals import half_width
from fuhui.triage.vocabulary import Suggestion

NOISE = re.compile(r"请问|问一下|想问|咨询|您好|你好|谢谢|麻烦|大家|有没有人?知道|谁知道|[\s，。！？；、,.!?;:：@\[\]（）()~…]+")


def grams(text: str) -> Counter[str]:
    """Character pairs and triples of a text without courtesies and signs."""
    plain = NOISE.sub("", half_width(text[:2000]).lower())
    counts = Counter(plain[i : i + 2] for i in range(len(plain) - 1))
    counts.update(plain[i : i + 3] for i in range(len(plain) - 2))
    return counts if counts else Counter([plain] if plain else [])


def suggest(
    question: str, past: Iterable[tuple[str, str, str]], *, limit: int = 3
) -> list[Suggestion]:
    """The answers of the most alike past questions, best first.

    ``past`` holds ``(id, question, answer)``. A score is a TF-IDF cosine in 0..1; what shares
    nothing with the question is left out. To be read by a person before it is sent.
    """
    rows = list(past)
    weighted = _vectors([*(grams(row[1]) for row in rows), grams(question)])
    asked = weighted.pop()
    ranked = [(_dot(asked, other), at) for at, other in enumerate(weighted)]
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    return [
        Suggestion(rows[at][0], rows[at][1], rows[at][2], round(min(1.0, score), 4))
        for score, at in ranked[:limit]
        if score > 0.02
    ]


def _vectors(bags: Sequence[Counter[str]]) -> list[dict[str, float]]:
    spread: dict[str, int] = defaultdict(int)
    for bag in bags:
        for gram in bag:
            spread[gram] += 1
    total = len(bags) + 1
    vectors = []
    for bag in bags:
        raw = {
            gram: (1 + math.log(n)) * (math.log(total / (1 + spread[gram])) + 1) * len(gram)
            for gram, n in bag.items()
        }
        norm = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        vectors.append({gram: value / norm for gram, value in raw.items()})
    return vectors


def _dot(a: dict[str, float], b: dict[str, float]) -> float:
    if len(a) > len(b):
        a, b = b, a
    return sum(value * b[gram] for gram, value in a.items() if gram in b)
