"""A small linear model: character n-grams and counted signals, softmax, trained with numpy.

Weights live in ``weights.npz`` beside this file: arrays only, nothing executable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fuhui.triage.features import CODES, DENSE, Reading, terms
from fuhui.triage.vocabulary import Kind

VERSION = 1
WEIGHTS = Path(__file__).with_name("weights.npz")
KINDS: tuple[str, ...] = (Kind.REPORT, Kind.DETAIL, Kind.CONFIRM, Kind.CHAT)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """Trained weights. ``vocabulary`` gives the row of an n-gram; dense rows follow."""

    vocabulary: dict[str, int]
    weights: Floats

    def judge(self, reading: Reading) -> tuple[dict[str, float], dict[str, float]]:
        """Probabilities per kind (without staff) and per category, each adding to 1."""
        vocabulary = self.vocabulary
        rows = [vocabulary[term] for term in terms(reading.plain) if term in vocabulary]
        first = len(vocabulary)
        sums = np.asarray(reading.dense, dtype=np.float32) @ self.weights[first:]
        if rows:
            sums = sums + self.weights[rows].sum(axis=0) / np.float32(len(rows) ** 0.5)
        n = len(KINDS)
        kinds, codes = _softmax(sums[:n]).tolist(), _softmax(sums[n:]).tolist()
        return dict(zip(KINDS, kinds, strict=True)), dict(zip(CODES, codes, strict=True))

    def save(self, path: Path) -> None:
        """Write the arrays; ``load_model`` reads them back without pickle."""
        names = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        np.savez_compressed(
            path, version=np.array([VERSION]), dense=np.array(DENSE), terms=np.array(names),
            weights=self.weights.astype(np.float16),
        )  # fmt: skip


def _softmax(values: Floats) -> Floats:
    raised: Floats = np.exp(values - values.max())
    total: Floats = raised / raised.sum()
    return total


def load_model(path: Path | None = None) -> Model:
    """The model at ``path`` or the one that ships; raises ``ValueError`` for a foreign file."""
    with np.load(path or WEIGHTS, allow_pickle=False) as stored:
        if int(stored["version"][0]) != VERSION or tuple(stored["dense"]) != DENSE:
            raise ValueError("模型文件的版本与程序不符，请运行 fuhui triage train 重新训练。")
        names = [str(name) for name in stored["terms"]]
        weights = stored["weights"].astype(np.float32)
    return Model({name: row for row, name in enumerate(names)}, weights)


@lru_cache(maxsize=1)
def default_model() -> Model | None:
    """The shipped model, loaded once; None where its file is missing or outdated."""
    try:
        return load_model()
    except (OSError, ValueError, KeyError):
        return None


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message for training; ``category`` is None for chatter."""

    reading: Reading
    kind: str
    category: str | None


def train(
    examples: Sequence[Example], *, rounds: int = 300, rate: float = 0.05, decay: float = 3e-3
) -> Model:
    """Softmax regression for kind and for category by Adam on all examples at once.

    ``decay`` is the L2 weight on n-gram rows. Deterministic.
    """
    vocabulary = _vocabulary(examples)
    matrix = _matrix(examples, vocabulary)
    targets, masks = _targets(examples)
    weights = np.zeros((matrix.shape[1], len(KINDS) + len(CODES)), dtype=np.float32)
    decays = np.full((matrix.shape[1], 1), decay, dtype=np.float32)
    decays[len(vocabulary) :] = decay / 6
    state = [np.zeros_like(weights), np.zeros_like(weights)]
    for step in range(1, rounds + 1):
        slope = matrix.T @ _errors(matrix @ weights, targets, masks) + decays * weights
        _adam(weights, slope, state, step, rate)
    return Model(vocabulary, weights.astype(np.float16).astype(np.float32))


def _vocabulary(examples: Sequence[Example]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(terms(example.reading.plain))
    kept = sorted(term for term, n in counts.items() if n >= 2)
    return {term: row for row, term in enumerate(kept)}


def _matrix(examples: Sequence[Example], vocabulary: dict[str, int]) -> Floats:
    first = len(vocabulary)
    matrix = np.zeros((len(examples), first + len(DENSE)), dtype=np.float32)
    for at, example in enumerate(examples):
        rows = [vocabulary[t] for t in terms(example.reading.plain) if t in vocabulary]
        if rows:
            matrix[at, rows] = 1 / len(rows) ** 0.5
        matrix[at, first:] = example.reading.dense
    return matrix


def _targets(examples: Sequence[Example]) -> tuple[Floats, Floats]:
    targets = np.zeros((len(examples), len(KINDS) + len(CODES)), dtype=np.float32)
    masks = np.zeros((len(examples), 2), dtype=np.float32)
    for at, example in enumerate(examples):
        if example.kind in KINDS:
            targets[at, KINDS.index(Kind(example.kind))] = 1
            masks[at, 0] = 1
        if example.category is not None:
            targets[at, len(KINDS) + CODES.index(example.category)] = 1
            masks[at, 1] = 1
    return targets, masks


def _errors(scores: Any, targets: Floats, masks: Floats) -> Floats:
    errors = np.empty_like(targets)
    for side, part in enumerate((slice(0, len(KINDS)), slice(len(KINDS), None))):
        block = scores[:, part]
        raised = np.exp(block - block.max(axis=1, keepdims=True))
        chances = raised / raised.sum(axis=1, keepdims=True)
        share = masks[:, side : side + 1]
        errors[:, part] = (chances - targets[:, part]) * share / max(1.0, float(share.sum()))
    return errors


def _adam(weights: Any, slope: Any, state: list[Any], step: int, rate: float) -> None:
    state[0] = 0.9 * state[0] + 0.1 * slope
    state[1] = 0.999 * state[1] + 0.001 * slope * slope
    first, second = state[0] / (1 - 0.9**step), state[1] / (1 - 0.999**step)
    weights -= rate * first / (np.sqrt(second) + 1e-8)
