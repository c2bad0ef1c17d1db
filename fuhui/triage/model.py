"""The model: a linear first opinion on each message, and small networks that look at the whole conversation.

Weights live in ``weights.npz`` beside this file: arrays only, nothing executable. numpy takes half a second
to import, so it is only imported where a model is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from fuhui.triage import linking, surroundings
from fuhui.triage.confidence import PLAIN, Trust
from fuhui.triage.features import CODES, CONTEXT, DENSE, Reading, terms
from fuhui.triage.nets import PARTS, Nets, softmax
from fuhui.triage.vocabulary import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

VERSION = 4
BATCH = 1000
WEIGHTS = Path(__file__).with_name("weights.npz")
KINDS: tuple[str, ...] = (Kind.REPORT, Kind.DETAIL, Kind.CONFIRM, Kind.CHAT)
OWN = len(DENSE) - len(CONTEXT)
NETWORKS = ("second", "choice", "answer")
INPUTS = {"second": surroundings.NAMES, "choice": linking.NAMES, "answer": linking.NAMES}
Judged = tuple[dict[str, float], dict[str, float], float, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Networks:
    """What looks at the conversation: ``second`` tells the kind of a message among its neighbours, ``choice`` its
    matter, ``answer`` which matter a worker answers. ``danger_at`` is the chance from which a danger counts as one."""

    second: Nets
    choice: Nets
    answer: Nets
    danger_at: float = 0.5


@dataclass(frozen=True, slots=True)
class Model:
    """Trained weights. ``vocabulary`` gives the row of an n-gram; dense rows follow.

    ``trust`` brings the confidence of each kind onto a calibrated scale. Without ``networks`` a message is
    judged by itself.
    """

    vocabulary: dict[str, int]
    weights: Floats
    trust: Mapping[Kind, Trust] = field(default_factory=lambda: PLAIN)
    networks: Networks | None = None

    def judge(self, reading: Reading) -> Judged:
        """Probabilities per kind (without staff) and per category, each adding to 1, that of a danger now, and per
        kind if the message stood alone."""
        return next(self.judge_all([reading]))

    def judge_all(self, readings: Sequence[Reading]) -> Iterator[Judged]:
        """The same for many messages, in their order."""
        n, last = len(KINDS), len(KINDS) + len(CODES)
        for start in range(0, len(readings), BATCH):
            sums, around = self._sums(readings[start : start + BATCH])
            alone = softmax(sums[:, last + 2 :]).tolist()
            sums += around
            kinds, codes = softmax(sums[:, :n]).tolist(), softmax(sums[:, n:last]).tolist()
            dangers = softmax(sums[:, last : last + 2])[:, 1].tolist()
            for one, other, danger, by_itself in zip(kinds, codes, dangers, alone, strict=True):
                yield (
                    dict(zip(KINDS, one, strict=True)), dict(zip(CODES, other, strict=True)), danger,
                    dict(zip(KINDS, by_itself, strict=True)),
                )  # fmt: skip

    def _sums(self, readings: Sequence[Reading]) -> tuple[Floats, Floats]:
        """What messages say of themselves, and what their neighbours add."""
        import numpy as np

        get, first = self.vocabulary.get, len(self.vocabulary)
        dense = np.array([r.dense for r in readings], dtype=np.float32)
        sums: Floats = dense[:, :OWN] @ self.weights[first : first + OWN]
        around: Floats = dense[:, OWN:] @ self.weights[first + OWN :]
        rows = [sorted([row for row in map(get, terms(r.plain)) if row is not None]) for r in readings]
        told = [at for at, found in enumerate(rows) if found]
        if told:
            sizes = np.array([len(rows[at]) for at in told])
            starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
            taken = self.weights.take([row for found in rows for row in found], axis=0)
            sums[told] += np.add.reduceat(taken, starts, axis=0) / np.sqrt(sizes).astype(np.float32)[:, None]
        return sums, around

    def save(self, path: Path) -> None:
        """Write the arrays; ``load_model`` reads them back without pickle."""
        import numpy as np

        names = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        np.savez_compressed(
            path, version=np.array([VERSION]), dense=np.array(DENSE), terms=np.array(names),
            weights=self.weights.astype(np.float16), trust=np.array([self.trust[kind] for kind in Kind]),
            **_stored(self.networks),
        )  # fmt: skip


def _stored(networks: Networks | None) -> dict[str, Any]:
    import numpy as np

    if networks is None:
        return {}
    found: dict[str, Any] = {"danger_at": np.array([networks.danger_at])}
    for name in NETWORKS:
        nets: Nets = getattr(networks, name)
        found |= {f"{name}_{part}": getattr(nets, part) for part in PARTS}
        found[f"{name}_inputs"] = np.array(INPUTS[name])
    return found


def load_model(path: Path | None = None) -> Model:
    """The model at ``path`` or the one that ships; raises ``ValueError`` for a foreign file."""
    import numpy as np

    with np.load(path or WEIGHTS, allow_pickle=False) as stored:
        if int(stored["version"][0]) != VERSION or tuple(stored["dense"]) != DENSE:
            raise ValueError("模型文件的版本与程序不符，请运行 fuhui triage train 重新训练。")
        names = [str(name) for name in stored["terms"]]
        weights = stored["weights"].astype(np.float32)
        trust = _trust(stored["trust"].tolist()) if "trust" in stored else PLAIN
        networks = _networks(stored) if "danger_at" in stored else None
    return Model({name: row for row, name in enumerate(names)}, weights, trust, networks)


def _networks(stored: Any) -> Networks:
    found = {}
    for name in NETWORKS:
        if tuple(stored[f"{name}_inputs"]) != INPUTS[name]:
            raise ValueError("模型文件的版本与程序不符，请运行 fuhui triage train 重新训练。")
        found[name] = Nets(*(stored[f"{name}_{part}"] for part in PARTS))
    return Networks(**found, danger_at=float(stored["danger_at"][0]))


def _trust(rows: list[list[float]]) -> Mapping[Kind, Trust]:
    return {kind: (a, b, c) for kind, (a, b, c) in zip(Kind, rows, strict=True)}


@lru_cache(maxsize=1)
def default_model() -> Model | None:
    """The shipped model, loaded once; None where its file is missing or outdated."""
    try:
        return load_model()
    except (OSError, ValueError, KeyError):
        return None
