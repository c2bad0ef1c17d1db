"""A linear support vector machine, one class against the rest, by dual coordinate descent.

The method of LIBLINEAR's default solver (Hsieh and others, ICML 2008: L2-regularised squared hinge loss), with all
classes stepped at once so that numpy does the work. Deterministic for a seed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fuhui.triage.grams import Floats, Ints, Sparse

SETTLED = 1e-4


def train_svm(
    matrix: Sparse, labels: Ints, *, width: int, classes: int, costs: Floats, rounds: int, seed: int = 0
) -> Floats:
    """Weights (``width`` columns by ``classes``) for rows of a sparse matrix; ``costs`` weighs each row's error."""
    weights = np.zeros((width, classes), dtype=np.float32)
    signs = np.full((len(matrix), classes), -1, dtype=np.float32)
    signs[np.arange(len(matrix)), labels] = 1
    duals = np.zeros_like(signs)
    slack = (0.5 / costs).astype(np.float32)
    lengths = np.bincount(matrix.owners, matrix.values**2, minlength=len(matrix)).astype(np.float32)
    filled = np.flatnonzero(np.diff(matrix.starts))
    generator = np.random.default_rng(seed)
    for _ in range(rounds):
        moved = sum(
            _step(matrix, row, weights, signs[row], duals[row], float(slack[row]), float(lengths[row]))
            for row in generator.permutation(filled).tolist()
        )
        if not moved:
            break
    return weights


def _step(
    matrix: Sparse, row: int, weights: Floats, signs: NDArray[np.float32], duals: NDArray[np.float32],
    slack: float, length: float,
) -> bool:  # fmt: skip
    """Moves one row's duals to their optimum and the weights with them; False where nothing moved."""
    low, high = matrix.starts[row], matrix.starts[row + 1]
    columns, values = matrix.columns[low:high], matrix.values[low:high]
    held = weights.take(columns, axis=0)
    slope = signs * (values @ held) - 1 + slack * duals
    better = np.maximum(duals - slope / (length + slack), 0)
    change = (better - duals) * signs
    if np.abs(change).max() <= SETTLED:
        return False
    held += values[:, None] * change
    weights[columns] = held
    duals[:] = better
    return True
