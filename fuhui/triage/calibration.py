"""Making confidence mean what it says: of what is given 0.8, eight in ten are right."""

from __future__ import annotations

import numpy as np

from fuhui.triage.grams import Floats, Ints

STEPS = 60
BINS = 10


def chances(scores: Floats, sharpness: float) -> Floats:
    """Probabilities per row from scores per class; ``sharpness`` is the inverse temperature."""
    raised = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    shares: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def fit_sharpness(scores: Floats, labels: Ints) -> float:
    """The inverse temperature under which the true labels are likeliest (Guo and others, ICML 2017).

    ``scores`` must come from models that have not seen their rows. Between 0.05 and 50.
    """
    low, high = np.log(0.05), np.log(50.0)
    for _ in range(STEPS):
        third = (high - low) / 3
        if _loss(scores, labels, np.exp(low + third)) < _loss(scores, labels, np.exp(high - third)):
            high -= third
        else:
            low += third
    return float(np.exp((low + high) / 2))


def _loss(scores: Floats, labels: Ints, sharpness: float) -> float:
    right = chances(scores, sharpness)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(right, 1e-9)).mean())


def expected_calibration_error(confidence: Floats, right: np.typing.NDArray[np.bool_], bins: int = BINS) -> float:
    """Mean distance of confidence from the share that is right, over equal-width bins, weighted by their size."""
    if not len(confidence):
        return 0.0
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    sizes = np.bincount(place, minlength=bins)
    gaps = np.abs(np.bincount(place, confidence, bins) - np.bincount(place, right.astype(float), bins))
    return float(gaps[sizes > 0].sum() / len(confidence))
