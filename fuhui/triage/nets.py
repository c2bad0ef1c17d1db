"""Small networks with one hidden layer, several trained from different beginnings and averaged. numpy only.

Two uses: which class a row belongs to, and which of the options offered is the right one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuhui.triage.grams import Floats, Ints

BATCH = 128
FARTHEST = 3.0
PARTS = ("inner", "outer", "straight", "middle", "spread")


@dataclass(frozen=True, slots=True)
class Nets:
    """Averaged networks, side by side: ``inner`` (inputs + 1, hidden of all), ``outer`` (hidden of all, outputs),
    ``straight`` (inputs + 1, outputs), which passes the hidden layer by.

    Inputs are brought to one scale by ``middle`` and ``spread`` and kept within three spreads, so that what was never
    seen does not carry away; the last input is always 1.
    """

    inner: Floats
    outer: Floats
    straight: Floats
    middle: Floats
    spread: Floats

    def scores(self, rows: Floats) -> Floats:
        """Scores by row and output, averaged over the networks."""
        import numpy as np

        inputs = scaled(rows, self.middle, self.spread)
        found: Floats = np.tanh(inputs @ self.inner) @ self.outer + inputs @ self.straight
        return found


def scaled(rows: Floats, middle: Floats, spread: Floats) -> Floats:
    """Rows on one scale, bounded, with a 1 at the end."""
    import numpy as np

    found: Floats = np.empty((len(rows), rows.shape[1] + 1), dtype=np.float32)
    found[:, -1] = 1
    near = found[:, :-1]
    np.subtract(rows, middle, out=near)
    np.divide(near, spread, out=near)
    np.minimum(np.maximum(near, -FARTHEST, out=near), FARTHEST, out=near)
    return found


def softmax(values: Floats) -> Floats:
    """Chances per row that add to 1."""
    import numpy as np

    raised: Floats = np.exp(values - values.max(axis=1, keepdims=True)).astype(np.float32)
    total: Floats = raised / raised.sum(axis=1, keepdims=True)
    return total


def train_classes(
    rows: Floats, labels: Ints, classes: int, *, base: Floats, weights: Floats | None = None, hidden: int = 32,
    nets: int = 4, rounds: int = 25, decay: float = 0.05, rate: float = 0.004,
) -> Nets:  # fmt: skip
    """Networks that tell the class of a row as a correction of the scores ``base``. Deterministic."""
    import numpy as np

    targets = np.eye(classes, dtype=np.float32)[labels]
    share = np.ones((len(rows), 1), np.float32) if weights is None else weights[:, None]

    def slope(scores: Floats, batch: Ints) -> Floats:
        wrong: Floats = (softmax(scores + base[batch]) - targets[batch]) * share[batch]
        return wrong

    return _train(rows, np.arange(len(rows))[:, None], slope, classes, hidden, nets, rounds, decay, rate)


def train_choices(
    rows: Floats, options: Ints, *, hidden: int = 24, nets: int = 4, rounds: int = 20, decay: float = 0.02,
    rate: float = 0.004,
) -> Nets:  # fmt: skip
    """Networks that score options so that the first of each offer comes out on top. Deterministic.

    ``options`` holds the rows of each offer, the right one first, filled up with -1.
    """
    import numpy as np

    def slope(scores: Floats, batch: Ints) -> Floats:
        offered = options[batch]
        open_ = offered >= 0
        table = np.where(open_, scores.reshape(offered.shape), -1e9)
        wrong = softmax(table.astype(np.float32))
        wrong[:, 0] -= 1
        flat: Floats = np.where(open_, wrong, 0).reshape(-1, 1).astype(np.float32)
        return flat

    return _train(rows, options, slope, 1, hidden, nets, rounds, decay, rate)


def _train(
    rows: Floats, members: Ints, slope: Callable[[Floats, Ints], Floats], outputs: int, hidden: int, nets: int,
    rounds: int, decay: float, rate: float,
) -> Nets:  # fmt: skip
    import numpy as np

    middle = rows.mean(axis=0).astype(np.float32)
    spread = np.maximum(rows.std(axis=0), 0.05).astype(np.float32)
    inputs = scaled(rows, middle, spread)
    trained = [_one(inputs, members, slope, outputs, hidden, rounds, decay, rate, seed) for seed in range(nets)]
    inner = np.concatenate([each[0] for each in trained], axis=1)
    outer: Floats = (np.concatenate([each[1] for each in trained]) / len(trained)).astype(np.float32)
    straight: Floats = np.mean([each[2] for each in trained], axis=0, dtype=np.float32)
    return Nets(inner, outer, straight, middle, spread)


def _one(
    inputs: Floats, members: Ints, slope: Callable[[Floats, Ints], Floats], outputs: int, hidden: int, rounds: int,
    decay: float, rate: float, seed: int,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    import numpy as np

    draw = np.random.default_rng(seed)
    width = inputs.shape[1]
    weights = [
        draw.normal(0, 0.5 / width**0.5, (width, hidden)).astype(np.float32),
        draw.normal(0, 0.5 / hidden**0.5, (hidden, outputs)).astype(np.float32), np.zeros((width, outputs), np.float32),
    ]  # fmt: skip
    moments = [(np.zeros_like(part), np.zeros_like(part)) for part in weights]
    step, steps = 0, rounds * -(-len(members) // BATCH)
    for _ in range(rounds):
        order = draw.permutation(len(members))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            held = inputs[members[batch].ravel()]
            middle = np.tanh(held @ weights[0])
            wrong: Floats = slope(middle @ weights[1] + held @ weights[2], batch) / np.float32(len(batch))
            back: Floats = (wrong @ weights[1].T) * (1 - middle * middle)
            step += 1
            slopes: list[Floats] = [held.T @ back, middle.T @ wrong, held.T @ wrong]
            _adam(weights, slopes, moments, step, rate * (1 - step / (steps + 1)), decay)
    return weights[0], weights[1], weights[2]


def _adam(
    weights: list[Floats], slopes: list[Floats], moments: list[tuple[Floats, Floats]], step: int, rate: float,
    decay: float,
) -> None:  # fmt: skip
    """One step with decay apart from the slope (Loshchilov and Hutter, ICLR 2019)."""
    import numpy as np

    for part, slope, (first, second) in zip(weights, slopes, moments, strict=True):
        first += 0.1 * (slope - first)
        second += 0.001 * (slope * slope - second)
        part *= 1 - rate * decay * 10
        part -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
