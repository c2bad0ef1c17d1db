"""From labelled transcripts to first opinions: softmax regression by Adam, with numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fuhui.triage.context import in_context
from fuhui.triage.features import CODES, CONTEXT, DENSE, Reading, read_message, terms
from fuhui.triage.kinds import VECTOR
from fuhui.triage.model import KINDS, Model
from fuhui.triage.vocabulary import Kind, Message

if TYPE_CHECKING:
    from fuhui.triage.grams import Floats, Sparse


URGENT_WEIGHT = 4.0
BARE_SHARE = 0.15
DANGER_FROM = len(KINDS) + len(CODES)
ALONE_FROM = DANGER_FROM + 2
COLUMNS = ALONE_FROM + len(KINDS)
PARTS = (
    slice(0, len(KINDS)), slice(len(KINDS), DANGER_FROM), slice(DANGER_FROM, ALONE_FROM),
    slice(ALONE_FROM, COLUMNS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message for training; ``category`` is None for chatter, ``kind`` is empty where unknown.

    ``context`` weighs what it teaches about messages in a conversation.
    """

    reading: Reading
    kind: str
    category: str | None
    weight: float = 1.0
    urgent: bool | None = None
    context: float = 1.0


def to_message(row: Mapping[str, Any]) -> Message:
    """A labelled row as a message; nothing but id, group, sender, time and text is looked at."""
    time = row.get("time")
    moment = datetime.fromisoformat(time) if isinstance(time, str) and time else None
    group, sender = str(row.get("group") or ""), str(row.get("sender") or "")
    return Message(str(row.get("id", "")), group, sender, moment, str(row.get("text") or ""))


def transcripts(rows: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Rows that belong to one transcript each: by file where that is known, by group otherwise."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row.get("transcript") or row["group"]), []).append(row)
    return list(found.values())


def examples(rows: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Residents' messages as training examples; staff are known by their names."""
    return [one for transcript in transcripts(rows) for one in _examples(transcript)]


def _examples(rows: Sequence[Mapping[str, Any]]) -> Iterator[Example]:
    messages = [to_message(row) for row in rows]
    readings = in_context(messages, [read_message(m.text, m.sender, m.group) for m in messages], VECTOR)
    context = BARE_SHARE if len(rows) == 1 else 1.0
    for row, reading in zip(rows, readings, strict=True):
        if row["kind"] != Kind.STAFF:
            category = row["category"][0] if row["category"] and row["kind"] != Kind.CONFIRM else None
            yield Example(reading, row["kind"], category, 1.0, bool(row.get("urgent")), context)


def train(
    examples: Sequence[Example], *, rounds: int = 150, rate: float = 0.05, decay: float = 5e-5,
    dense_decay: float = 2e-4,
) -> Model:  # fmt: skip
    """Softmax regression for kind and for category by Adam on all examples at once.

    ``decay`` is the L2 weight on n-gram rows, ``dense_decay`` that on counted signals. Deterministic.
    """
    import numpy as np

    vocabulary = _vocabulary(examples)
    sparse, dense = _matrix(examples, vocabulary)
    turned = sparse.turned(len(vocabulary))
    targets, masks = _targets(examples)
    weights = np.zeros((len(vocabulary) + len(DENSE), COLUMNS), dtype=np.float32)
    decays = np.full((len(weights), 1), decay, dtype=np.float32)
    decays[len(vocabulary) :] = dense_decay
    alarms = [len(vocabulary) + DENSE.index(name) for name in ("alarm", "alarm_before")]
    state = [np.zeros_like(weights), np.zeros_like(weights)]
    for step in range(1, rounds + 1):
        scores = sparse.times(weights[: len(vocabulary)]) + dense @ weights[len(vocabulary) :]
        errors = _errors(scores, targets, masks)
        slope = np.concatenate((turned.times(errors), dense.T @ errors)) + decays * weights
        slope[-len(CONTEXT) :, ALONE_FROM:] = 0  # those columns judge a message by itself
        slope[alarms, DANGER_FROM:ALONE_FROM] = 0  # danger is judged apart from the list of dangers
        _adam(weights, slope, state, step, rate)
    return Model(vocabulary, weights.astype(np.float16).astype(np.float32))


def _vocabulary(examples: Sequence[Example]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(terms(example.reading.plain))
    kept = sorted(term for term, n in counts.items() if n >= 2)
    return {term: row for row, term in enumerate(kept)}


def _matrix(examples: Sequence[Example], vocabulary: dict[str, int]) -> tuple[Sparse, Floats]:
    import numpy as np

    from fuhui.triage.grams import Sparse

    rows = [
        sorted(vocabulary[term] for term in terms(example.reading.plain) if term in vocabulary)
        for example in examples
    ]
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    columns = np.array([column for row in rows for column in row], dtype=np.int64)
    sparse = Sparse(starts, columns, np.ones(len(columns), np.float32)).scaled(np.ones(len(columns)))
    return sparse, np.array([example.reading.dense for example in examples], dtype=np.float32)


def _targets(examples: Sequence[Example]) -> tuple[Floats, Floats]:
    import numpy as np

    targets = np.zeros((len(examples), COLUMNS), dtype=np.float32)
    masks = np.zeros((len(examples), len(PARTS)), dtype=np.float32)
    for at, example in enumerate(examples):
        if example.kind in KINDS:
            targets[at, KINDS.index(Kind(example.kind))] = 1
            targets[at, ALONE_FROM + KINDS.index(Kind(example.kind))] = 1
            masks[at, 3] = example.weight
            masks[at, 0] = example.weight * example.context
        if example.category is not None:
            targets[at, len(KINDS) + CODES.index(example.category)] = 1
            masks[at, 1] = example.weight
        if example.urgent is not None:
            targets[at, len(KINDS) + len(CODES) + example.urgent] = 1
            masks[at, 2] = example.weight * (URGENT_WEIGHT if example.urgent else 1.0)
    return targets, masks


def _errors(scores: Any, targets: Floats, masks: Floats) -> Floats:
    import numpy as np

    errors = np.empty_like(targets)
    for side, part in enumerate(PARTS):
        block = scores[:, part]
        raised = np.exp(block - block.max(axis=1, keepdims=True))
        chances = raised / raised.sum(axis=1, keepdims=True)
        share = masks[:, side : side + 1]
        errors[:, part] = (chances - targets[:, part]) * share / max(1.0, float(share.sum()))
    return errors


def _adam(weights: Any, slope: Any, state: list[Any], step: int, rate: float) -> None:
    import numpy as np

    state[0] = 0.9 * state[0] + 0.1 * slope
    state[1] = 0.999 * state[1] + 0.001 * slope * slope
    first, second = state[0] / (1 - 0.9**step), state[1] / (1 - 0.999**step)
    weights -= rate * first / (np.sqrt(second) + 1e-8)
