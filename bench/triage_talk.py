"""Group talk: what is understood, how honest the confidence is, how quickly it goes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from fuhui.triage import Label, Message, load_model
from fuhui.triage import label as label_messages
from fuhui.triage.calibration import expected_calibration_error
from fuhui.triage.corpus import kept_back_files, read_labelled, training_files
from fuhui.triage.features import read_message
from fuhui.triage.scoring import score
from fuhui.triage.training import to_message

MESSAGES = 10_000
QUESTIONS = 30


def talk_figures(practice: Path) -> dict[str, Any]:
    """Figures of the practice file and of each kept-back transcript, then of all kept-back ones together."""
    files = kept_back_files()
    found: dict[str, Any] = {"practice": _talk([practice]) if practice.exists() else "没有这个文件，未测"}
    if not files:
        return {**found, "kept_back": "没有留出的记录，未测"}
    return {**found, "kept_back": _talk(files), **{path.stem: _talk([path])["matter_f1"] for path in files}}


def _talk(paths: Sequence[Path]) -> dict[str, Any]:
    rows = read_labelled(paths)
    return figures_of(rows, label_messages([to_message(row) for row in rows]))


def figures_of(rows: Sequence[Mapping[str, Any]], labels: Sequence[Label]) -> dict[str, Any]:
    """All figures of labels against what people labelled."""
    figures = score(rows, labels)
    figures["urgent_share"] = _ratio(figures["urgent_cases_flagged"], figures["urgent_cases"])
    figures["private_share"] = _ratio(figures["private_covered"], figures["private"])
    return figures | _honesty(rows, labels)


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def _honesty(rows: Sequence[Mapping[str, Any]], labels: Sequence[Label]) -> dict[str, Any]:
    confidence = np.array([found.confidence for found in labels], dtype=np.float32)
    right = np.array([found.kind == row["kind"] for row, found in zip(rows, labels, strict=True)])
    doubtful = np.array([found.unsure for found in labels])
    return {
        "calibration_error": round(expected_calibration_error(confidence, right), 4),
        "left_to_people": round(float(doubtful.mean()), 4),
        "right_where_sure": _mean(right[~doubtful]), "right_where_unsure": _mean(right[doubtful]),
    }  # fmt: skip


def _mean(values: np.typing.NDArray[np.bool_]) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None


def speed_figures() -> dict[str, Any]:
    """Messages a second on one core once loaded, in many groups and in a single one that never rests."""
    began = time.process_time()
    load_model()
    loading = time.process_time() - began
    many, busy = _many(single=False), _many(single=True)
    label_messages(many[:100])
    return {
        "load_seconds": round(loading, 3), "messages_per_second": _pace(many), "busy_group_per_second": _pace(busy),
    }  # fmt: skip


def _many(*, single: bool) -> list[Message]:
    """The corpus again and again, each text a little different, so that nothing is answered from memory."""
    base = [to_message(row) for row in read_labelled(training_files())]
    start = datetime(2026, 3, 1)  # noqa: DTZ001 — wall clock, as all message times
    found = []
    for at in range(MESSAGES):
        turn, message = at // len(base), base[at % len(base)]
        moved = message.time + timedelta(days=60 * turn) if message.time else None
        found.append(replace(
            message, id=str(at), text=f"{message.text} {turn}", group="一群" if single else f"{message.group}{turn}",
            time=start + timedelta(seconds=40 * at) if single else moved,
        ))  # fmt: skip
    return found


def _pace(messages: Sequence[Message]) -> int:
    read_message.cache_clear()
    began = time.process_time()
    label_messages(messages)
    return round(len(messages) / (time.process_time() - began))
