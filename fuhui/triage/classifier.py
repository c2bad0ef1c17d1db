"""Sorting requests into any city's own classes, learned from that city's own history.

Character n-grams (1 to 3), weighed by their rarity and by how well they tell classes apart, and a linear machine over
all of them. Every request is learned three times, whole, by its first column alone and by the opening of the rest, with
the same weights: short texts borrow from long ones, and a title that comes without its text is still understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fuhui.triage.calibration import chances, fit_sharpness
from fuhui.triage.grams import Floats, Ints, Sparse, count_grams, stacked
from fuhui.triage.rows import tidy
from fuhui.triage.svm import telling, train_svm
from fuhui.triage.twins import twin_folds

VERSION = 1
BITS = 22
ORDERS = (1, 2, 3)
HEAD_TIMES = 3
BODY_LENGTH = 1500
MOST_CHARACTERS = 40_000_000
OPENING = 120
COST, ROUNDS, FOLDS = 0.8, 7, 3
MOST_WEIGHTS = 40_000_000
LARGEST_FILE = 18_000_000
BATCH = 4096
Texts = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained machine. ``columns`` are those it learned from, the first being the one that can stand alone.

    ``slots`` maps a hashed n-gram to its row of ``weights`` (row 0 is empty); ``sharpness`` is the inverse
    temperature for the first column alone and for all columns.
    """

    labels: tuple[str, ...]
    columns: tuple[str, ...]
    hashes: Ints
    rarity: Floats
    weights: Floats
    sharpness: tuple[float, float]
    slots: NDArray[np.int32]

    def classify(self, texts: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, float]]:
        """The likeliest class and its calibrated probability for each row; ``texts`` are columns by name."""
        columns = list(texts.values())
        sharpness = self.sharpness[len(columns) > 1]
        for start in range(0, len(columns[0]) if columns else 0, BATCH):
            scores = self.scores([column[start : start + BATCH] for column in columns])
            shares = chances(scores, sharpness)
            best = shares.argmax(axis=1)
            top = shares[np.arange(len(best)), best]
            yield from ((self.labels[at], chance) for at, chance in zip(best.tolist(), top.tolist(), strict=True))

    def scores(self, columns: Texts) -> Floats:
        """The distance from each class's border, by row and class."""
        counts = count_grams(_joined(columns, BODY_LENGTH), ORDERS, BITS)
        return _weighed(counts, self.slots, self.rarity).times(self.weights)

    def save(self, path: Path) -> None:
        """Write the arrays, at most 18 MB; ``load_classifier`` reads them back without pickle."""
        size = np.abs(self.weights).max(axis=1)
        kept = np.sort(np.argsort(-size[1:], kind="stable")[: LARGEST_FILE // (len(self.labels) + 8)]) + 1
        weights = self.weights[kept]
        scale = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-6) / 127
        with path.open("wb") as file:
            np.savez_compressed(
                file, version=np.array([VERSION]), labels=np.array(self.labels), columns=np.array(self.columns),
                hashes=self.hashes[kept - 1].astype(np.uint32), rarity=self.rarity[kept].astype(np.float16),
                scale=scale.astype(np.float32), weights=np.round(weights / scale).astype(np.int8),
                sharpness=np.array(self.sharpness),
            )  # fmt: skip


def load_classifier(path: Path) -> Classifier:
    """The classifier in a file; raises ``ValueError`` for a foreign or damaged one, ``OSError`` for none."""
    with np.load(path, allow_pickle=False) as stored:
        if "hashes" not in stored or int(stored["version"][0]) != VERSION:
            raise ValueError("这不是分类模型，或版本与程序不符，请用 fuhui triage train-classifier 重新训练。")
        hashes = stored["hashes"].astype(np.int64)
        weights = stored["weights"].astype(np.float32) * stored["scale"]
        rarity = stored["rarity"].astype(np.float32)
        labels, columns = tuple(map(str, stored["labels"])), tuple(map(str, stored["columns"]))
        alone, together = stored["sharpness"].tolist()
    if hashes.max(initial=0) >= 1 << BITS or weights.shape != (len(hashes), len(labels)) or len(rarity) != len(hashes):
        raise ValueError("分类模型文件已损坏，请重新训练。")
    return _assembled(labels, columns, hashes, rarity, weights, (alone, together))


def _assembled(
    labels: tuple[str, ...], columns: tuple[str, ...], hashes: Ints, rarity: Floats, weights: Floats,
    sharpness: tuple[float, float],
) -> Classifier:  # fmt: skip
    none = np.zeros((1, len(labels)), dtype=np.float32)
    rarity = np.concatenate((none[0, :1], rarity))
    return Classifier(labels, columns, hashes, rarity, np.concatenate((none, weights)), sharpness, _slots(hashes))


def train_classifier(texts: Mapping[str, Sequence[str]], labels: Sequence[str]) -> Classifier:
    """A classifier of labelled rows; rows without a label or without text are left out.

    Raises ``ValueError`` where fewer than two classes have examples. Deterministic.
    """
    columns, named = _usable(list(texts.values()), labels)
    names = tuple(sorted(set(named)))
    if len(names) < 2:
        raise ValueError("训练数据里至少要有两个类别，每个类别都要有例子。请检查标签列。")
    index = {name: at for at, name in enumerate(names)}
    truth = np.array([index[name] for name in named], dtype=np.int64)
    length = max(100, min(BODY_LENGTH, MOST_CHARACTERS // len(named)))
    views = [count_grams(texts, ORDERS, BITS) for texts in _views(columns, length)]
    sharpness = _sharpness(views, truth, twin_folds(_joined(columns, 300), FOLDS), len(names))
    hashes, rarity, weights = _fitted(views, truth, np.arange(len(truth)), len(names))
    return _assembled(names, tuple(texts), hashes, rarity, weights, sharpness)


def _usable(columns: Texts, labels: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    kept = [at for at, label in enumerate(labels) if label.strip() and any(column[at].strip() for column in columns)]
    return [[column[at] for at in kept] for column in columns], [labels[at].strip() for at in kept]


def _views(columns: Texts, length: int) -> list[list[str]]:
    """What a machine learns from: the whole, the first column alone, the opening of the rest alone."""
    if len(columns) == 1:
        return [_joined(columns, length)]
    return [_joined(columns, length), _joined(columns[:1], length), _joined(_openings(columns), length)]


def _openings(columns: Texts) -> list[list[str]]:
    return [[" ".join(parts).strip()[:OPENING] for parts in zip(*columns[1:], strict=True)]]


def _joined(columns: Texts, length: int) -> list[str]:
    """One text per row: the first column, weighing threefold where others follow, then the rest."""
    heads = [tidy(head[:length]) for head in columns[0]]
    if len(columns) == 1:
        return heads
    rest = [tidy(" ".join(parts)[: 2 * length])[:length] for parts in zip(*columns[1:], strict=True)]
    return [f"{head} " * HEAD_TIMES + body for head, body in zip(heads, rest, strict=True)]


def _weighed(counts: Sparse, slots: NDArray[np.int32], rarity: Floats) -> Sparse:
    """Known n-grams by their rows of the weights: how often, times how rare and telling."""
    known = slots[counts.columns].astype(np.int64)
    rows = Sparse(counts.starts, known, counts.values).keep(known > 0)
    return rows.scaled((1 + np.log(rows.values)) * rarity[rows.columns])


def _fitted(views: Sequence[Sparse], truth: Ints, rows: Ints, classes: int) -> tuple[Ints, Floats, Floats]:
    """Hashes, how rare and telling they are, and their weights; ``views`` begin with the whole text."""
    parts = [view.take(rows) for view in views]
    spread = np.bincount(parts[0].columns, minlength=1 << BITS)
    hashes = np.flatnonzero(spread >= 2)
    if len(hashes) * classes > MOST_WEIGHTS:
        hashes = np.sort(hashes[np.argsort(-spread[hashes], kind="stable")[: MOST_WEIGHTS // classes]])
    rarity = np.log((len(rows) + 1) / (1 + spread[hashes])).astype(np.float32) + 1
    slots = _slots(hashes)
    padded = np.concatenate((np.zeros(1, np.float32), rarity))
    labels = np.tile(truth[rows], len(parts))
    matrix = stacked([_weighed(part, slots, padded) for part in parts])
    padded *= telling(matrix, labels, width=len(padded), classes=classes)
    matrix = stacked([_weighed(part, slots, padded) for part in parts])
    weights = train_svm(matrix, labels, width=len(padded), classes=classes, cost=COST, rounds=ROUNDS)
    return hashes, padded[1:], weights[1:]


def _slots(hashes: Ints) -> NDArray[np.int32]:
    slots = np.zeros(1 << BITS, dtype=np.int32)
    slots[hashes] = np.arange(1, len(hashes) + 1)
    return slots


def _sharpness(views: Sequence[Sparse], truth: Ints, folds: Ints, classes: int) -> tuple[float, float]:
    """Inverse temperatures, for the first column and for all, from rows that the scoring machine has not seen."""
    judged = (views[1] if len(views) > 1 else views[0], views[0])
    scores = [np.zeros((len(truth), classes), dtype=np.float32) for _ in judged]
    for fold in range(FOLDS):
        unseen = np.flatnonzero(folds == fold)
        hashes, rarity, weights = _fitted(views, truth, np.flatnonzero(folds != fold), classes)
        machine = _assembled(("",) * classes, (), hashes, rarity, weights, (1.0, 1.0))
        for view, found in zip(judged, scores, strict=True):
            found[unseen] = _weighed(view.take(unseen), machine.slots, machine.rarity).times(machine.weights)
    alone, together = (fit_sharpness(found, truth) for found in scores)
    return alone, together
