"""A linear support vector machine, one class against the rest, by dual coordinate descent.

The method of LIBLINEAR's default solver (Hsieh and others, ICML 2008: L2-regularised squared hinge loss), with all
classes stepped at once so that numpy does the work. Deterministic for a seed.
"""

from __future__ import annotations

import numpy as np

from fuhui.triage.grams import Floats, Ints, Sparse

SETTLED = 1e-4
SMOOTHING = 1.0


def train_svm(
    matrix: Sparse, labels: Ints, *, width: int, classes: int, cost: float, rounds: int, seed: int = 0
) -> Floats:
    """Weights (``width`` columns by ``classes``) for rows of a sparse matrix; ``cost`` weighs errors against size."""
    weights = np.zeros((width, classes), dtype=np.float32)
    signs = np.full((len(matrix), classes), -1, dtype=np.float32)
    signs[np.arange(len(matrix)), labels] = 1
    duals = np.zeros_like(signs)
    slack = 0.5 / cost
    lengths = np.bincount(matrix.owners, matrix.values**2, minlength=len(matrix)) + slack
    filled = np.flatnonzero(np.diff(matrix.starts))
    generator = np.random.default_rng(seed)
    for _ in range(rounds):
        order = generator.permutation(filled).tolist()
        if not sum(_step(matrix, row, weights, signs[row], duals[row], slack, float(lengths[row])) for row in order):
            break
    return weights


def _step(
    matrix: Sparse, row: int, weights: Floats, signs: Floats, duals: Floats, slack: float, length: float
) -> bool:
    """Moves one row's duals to their optimum and the weights with them; False where nothing moved."""
    low, high = matrix.starts[row], matrix.starts[row + 1]
    columns, values = matrix.columns[low:high], matrix.values[low:high]
    held = weights.take(columns, axis=0)
    slope = signs * (values @ held) - 1 + slack * duals
    better = np.maximum(duals - slope / length, 0)
    change = (better - duals) * signs
    if np.abs(change).max() <= SETTLED:
        return False
    held += values[:, None] * change
    weights[columns] = held
    duals[:] = better
    return True


def telling(matrix: Sparse, labels: Ints, *, width: int, classes: int) -> Floats:
    """How well each column tells classes apart: its log-count ratios (Wang and Manning, ACL 2012), root mean square."""
    whole = np.bincount(matrix.columns, minlength=width)
    owners = labels[matrix.owners]
    square = np.zeros(width)
    for each in range(classes):
        own = owners == each
        inside = np.bincount(matrix.columns[own], minlength=width) + SMOOTHING
        outside = whole - inside + 2 * SMOOTHING
        square += (np.log(inside / inside.sum()) - np.log(outside / outside.sum())) ** 2
    shown: Floats = np.sqrt(square / classes).astype(np.float32)
    return shown
