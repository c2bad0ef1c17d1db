"""A small linear model: character n-grams and counted signals, softmax.

Weights live in ``weights.npz`` beside this file: arrays only, nothing executable. numpy takes half a second
to import, so it is only imported where a model is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from fuhui.triage.confidence import PLAIN, Trust
from fuhui.triage.features import CODES, DENSE, Reading, terms
from fuhui.triage.vocabulary import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

VERSION = 2
BATCH = 1000
WEIGHTS = Path(__file__).with_name("weights.npz")
KINDS: tuple[str, ...] = (Kind.REPORT, Kind.DETAIL, Kind.CONFIRM, Kind.CHAT)


@dataclass(frozen=True, slots=True)
class Model:
    """Trained weights. ``vocabulary`` gives the row of an n-gram; dense rows follow.

    ``trust`` brings the confidence of each kind onto a calibrated scale.
    """

    vocabulary: dict[str, int]
    weights: Floats
    trust: Mapping[Kind, Trust] = field(default_factory=lambda: PLAIN)

    def judge(self, reading: Reading) -> tuple[dict[str, float], dict[str, float], float]:
        """Probabilities per kind (without staff) and per category, each adding to 1, and that of a danger now."""
        return next(self.judge_all([reading]))

    def judge_all(
        self, readings: Sequence[Reading]
    ) -> Iterator[tuple[dict[str, float], dict[str, float], float]]:
        """The same for many messages, in their order."""
        n, last = len(KINDS), len(KINDS) + len(CODES)
        for start in range(0, len(readings), BATCH):
            sums = self._sums(readings[start : start + BATCH])
            kinds, codes = _softmax(sums[:, :n]).tolist(), _softmax(sums[:, n:last]).tolist()
            dangers = _softmax(sums[:, last:])[:, 1].tolist()
            for one, other, danger in zip(kinds, codes, dangers, strict=True):
                yield dict(zip(KINDS, one, strict=True)), dict(zip(CODES, other, strict=True)), danger

    def _sums(self, readings: Sequence[Reading]) -> Floats:
        import numpy as np

        get, first = self.vocabulary.get, len(self.vocabulary)
        sums: Floats = np.array([r.dense for r in readings], dtype=np.float32) @ self.weights[first:]
        for at, reading in enumerate(readings):
            rows = [row for term in terms(reading.plain) if (row := get(term)) is not None]
            if rows:
                sums[at] += self.weights.take(rows, axis=0).sum(axis=0) / np.float32(len(rows) ** 0.5)
        return sums

    def save(self, path: Path) -> None:
        """Write the arrays; ``load_model`` reads them back without pickle."""
        import numpy as np

        names = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        np.savez_compressed(
            path, version=np.array([VERSION]), dense=np.array(DENSE), terms=np.array(names),
            weights=self.weights.astype(np.float16), trust=np.array([self.trust[kind] for kind in Kind]),
        )  # fmt: skip


def _softmax(values: Floats) -> Floats:
    import numpy as np

    raised: Floats = np.exp(values - values.max(axis=1, keepdims=True))
    total: Floats = raised / raised.sum(axis=1, keepdims=True)
    return total


def load_model(path: Path | None = None) -> Model:
    """The model at ``path`` or the one that ships; raises ``ValueError`` for a foreign file."""
    import numpy as np

    with np.load(path or WEIGHTS, allow_pickle=False) as stored:
        if int(stored["version"][0]) != VERSION or tuple(stored["dense"]) != DENSE:
            raise ValueError("模型文件的版本与程序不符，请运行 fuhui triage train 重新训练。")
        names = [str(name) for name in stored["terms"]]
        weights = stored["weights"].astype(np.float32)
        trust = _trust(stored["trust"].tolist()) if "trust" in stored else PLAIN
    return Model({name: row for row, name in enumerate(names)}, weights, trust)


def _trust(rows: list[list[float]]) -> Mapping[Kind, Trust]:
    return {kind: (a, b, c) for kind, (a, b, c) in zip(Kind, rows, strict=True)}


@lru_cache(maxsize=1)
def default_model() -> Model | None:
    """The shipped model, loaded once; None where its file is missing or outdated."""
    try:
        return load_model()
    except (OSError, ValueError, KeyError):
        return None
