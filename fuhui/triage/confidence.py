"""How sure a judgement of kind is: what the conversation and the model say, brought onto one honest scale."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fuhui.triage.vocabulary import Kind

UNSURE_AT = 0.6
Trust = tuple[float, float, float]
PLAIN: Mapping[Kind, Trust] = dict.fromkeys(Kind, (1.0, 0.0, 0.0))
HIGHEST = 0.99


def logit(share: float) -> float:
    """Log odds, bounded."""
    share = min(max(share, 0.005), 0.995)
    return math.log(share / (1 - share))


def clues(raw: float, kinds: Mapping[str, float], kind: Kind) -> Trust:
    """What confidence is reckoned from: the conversation's view, the model's view of that kind, and 1."""
    return logit(raw), logit(kinds.get(kind, 0.5)), 1.0


def calibrated(trust: Trust, raw: float, kinds: Mapping[str, float], kind: Kind) -> float:
    """The chance (0.01..0.99) that the kind is right; ``trust`` weighs the clues, learned from labelled talk."""
    total = sum(a * b for a, b in zip(trust, clues(raw, kinds, kind), strict=True))
    return min(max(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 1 - HIGHEST), HIGHEST)


def unsure(confidence: float) -> tuple[str, ...]:
    """Why a person should look; nothing where that is not needed."""
    return (f"把握只有 {confidence:.0%}，请人看一眼",) if confidence < UNSURE_AT else ()
