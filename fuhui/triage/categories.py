"""Which of the fourteen categories a matter belongs to."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fuhui.triage.features import CODES, Reading
from fuhui.triage.vocabulary import Category

MODEL_SHARE, WORD_SHARE, ALARM_SHARE = 1.3, 0.2, 0.3  # fitted on unseen talk, cases pooled
LEAST_CHANCE = 1e-3
ALARM_CODES: dict[str, tuple[str, float]] = {
    "fire": ("safety", 9), "gas": ("safety", 9), "lift": ("property", 6), "electric": ("safety", 6),
    "violence": ("order", 7), "missing": ("order", 9), "medical": ("health", 6), "lonely": ("welfare", 7),
    "suicide": ("safety", 5), "falling": ("safety", 6), "water": ("safety", 6), "locked": ("safety", 5),
    "crime": ("order", 9), "order_dog": ("order", 7), "rescue": ("safety", 1),
}  # fmt: skip


def weigh(reading: Reading, codes: Mapping[str, float]) -> dict[str, float]:
    """Evidence per category of one message: its words, its danger, the model's opinion."""
    scores = {code: WORD_SHARE * min(value, 9.0) for code, value in reading.scores.items()}
    if reading.alarm:
        code, weight = ALARM_CODES[reading.alarm.kind]
        scores[code] = scores.get(code, 0.0) + ALARM_SHARE * weight
    for code, chance in codes.items():
        scores[code] = scores.get(code, 0.0) + MODEL_SHARE * math.log((chance + LEAST_CHANCE) * len(CODES))
    return scores


def decide(scores: Mapping[str, float]) -> Category | None:
    """The category with most evidence; None where there is none."""
    if not scores:
        return None
    code = max(scores, key=lambda name: (scores[name], -CODES.index(name)))
    return Category(code) if scores[code] > 0 else None


def category_reasons(reading: Reading, code: Category) -> tuple[str, ...]:
    """The words that speak for a category."""
    words = [w for name, found in reading.hits.items() if name.startswith(f"{code}:") for w in found]
    return (f"说到{'、'.join(dict.fromkeys(words))}",) if words else ()
