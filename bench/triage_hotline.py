"""Tables of requests: sorting into a city's own classes, and hot issues."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fuhui.triage.calibration import expected_calibration_error
from fuhui.triage.classifier import Classifier, load_classifier, train_classifier
from fuhui.triage.grams import Ints
from fuhui.triage.hot import Entry, hot_issues
from fuhui.triage.rows import Table, UnreadableRows, amounts, moment, read_rows
from fuhui.triage.twins import twin_folds

MISSING = {"rows": "没有这个文件，未测"}
TEXTS = ("title", "detail")


def classifier_figures(path: Path, folds: int) -> dict[str, Any]:
    """Cross-validated figures, with a plain split and with near-duplicates kept in one fold."""
    try:
        table = read_rows(path)
    except UnreadableRows:
        return dict(MISSING)
    texts = {name: table.column(name) for name in TEXTS}
    labels = table.column("label")
    count = len(labels)
    plain: Ints = np.random.default_rng(1).permutation(count) % folds
    together = twin_folds([a + b for a, b in zip(*texts.values(), strict=True)], folds)
    return {
        "rows": count, "plain_split": _crossed(texts, labels, plain),
        "twins_together": _crossed(texts, labels, together),
    }  # fmt: skip


def _crossed(texts: dict[str, list[str]], labels: list[str], folds: Ints) -> dict[str, Any]:
    said: dict[str, list[tuple[str, float]]] = {"title": [], "whole": []}
    spread: dict[str, list[float]] = {"title": [], "whole": []}
    truth: list[str] = []
    seconds = dict.fromkeys(("train", "title", "whole"), 0.0)
    size, loading = 0.0, 0.0
    for fold in range(int(folds.max()) + 1):
        inside, unseen = np.flatnonzero(folds != fold).tolist(), np.flatnonzero(folds == fold).tolist()
        began = time.process_time()
        machine = train_classifier(_chosen(texts, inside), [labels[at] for at in inside])
        seconds["train"] += time.process_time() - began
        machine, size, loading = _stored(machine)
        here = [labels[at] for at in unseen]
        truth += here
        for view, names in (("title", TEXTS[:1]), ("whole", TEXTS)):
            rows = {name: column for name, column in _chosen(texts, unseen).items() if name in names}
            began = time.process_time()
            found = list(machine.classify(rows))
            seconds[view] += time.process_time() - began
            said[view] += found
            spread[view].append(macro_f1(here, [name for name, _ in found]))
    return {
        "title_macro_f1": macro_f1(truth, [name for name, _ in said["title"]]),
        "macro_f1": macro_f1(truth, [name for name, _ in said["whole"]]),
        "title_folds": _range(spread["title"]), "whole_folds": _range(spread["whole"]),
        "title_rows_per_second": round(len(truth) / seconds["title"]),
        "rows_per_second": round(len(truth) / seconds["whole"]),
        "title": _honest(truth, said["title"]), "whole": _honest(truth, said["whole"]),
        "train_seconds": round(seconds["train"] / (int(folds.max()) + 1), 1), "megabytes": size,
        "load_seconds": loading,
    }  # fmt: skip


def _range(scores: Sequence[float]) -> str:
    return f"{min(scores):.3f}–{max(scores):.3f}, mean {np.mean(scores):.3f} ± {np.std(scores, ddof=1):.3f}"


def _chosen(texts: dict[str, list[str]], rows: Sequence[int]) -> dict[str, list[str]]:
    return {name: [column[at] for at in rows] for name, column in texts.items()}


def _stored(machine: Classifier) -> tuple[Classifier, float, float]:
    """Through a file and back: what is measured is what a user of the commands gets."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        machine.save(path)
        began = time.process_time()
        loaded = load_classifier(path)
        return loaded, round(path.stat().st_size / 1e6, 2), round(time.process_time() - began, 3)


def _honest(truth: Sequence[str], said: Sequence[tuple[str, float]]) -> dict[str, Any]:
    right = np.array([name == other for name, (other, _) in zip(truth, said, strict=True)])
    confidence = np.array([chance for _, chance in said], dtype=np.float32)
    return {
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(expected_calibration_error(confidence, right), 4),
    }  # fmt: skip


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """The mean over classes of the harmonic mean of precision and recall."""
    scores = []
    for name in set(truth):
        right = sum(a == name == b for a, b in zip(truth, said, strict=True))
        scores.append(2 * right / (truth.count(name) + said.count(name)))
    return round(sum(scores) / len(scores), 4)


def hot_figures(path: Path, known: Path) -> dict[str, Any]:
    """For each known issue: the rank of its group, and how much of it is right and found."""
    try:
        table = read_rows(path)
        wanted: dict[str, list[int]] = json.loads(known.read_text(encoding="utf-8"))
    except (UnreadableRows, OSError):
        return dict(MISSING)
    entries = _entries(table)
    began = time.process_time()
    groups = [{entry.id for entry in issue.entries} for issue in hot_issues(entries)]
    found: dict[str, Any] = {"rows": len(entries), "seconds": round(time.process_time() - began, 2)}
    for name, ids in wanted.items():
        rank, group = max(enumerate(groups, 1), key=lambda pair: len(pair[1] & set(ids)))
        shared = len(group & set(ids))
        found[name] = {
            "rank": rank, "precision": round(shared / len(group), 3), "recall": round(shared / len(set(ids)), 3),
        }  # fmt: skip
    return found


def _entries(table: Table) -> list[Entry]:
    columns = [table.column(name) for name in ("title", "detail", "time", "user")]
    weights = amounts(table.column("up"))
    return [
        Entry(key, title, body, moment(when), weight, who)
        for key, title, body, when, who, weight in zip(table.keys("id"), *columns, weights, strict=True)
    ]
