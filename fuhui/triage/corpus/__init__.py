"""The labelled transcripts that ship: what the model learns from, and what is kept back only to measure on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KEPT_BACK = FOLDER.parent / "kept_back"


def training_files() -> list[Path]:
    """Transcripts to learn from."""
    return sorted(FOLDER.glob("*.jsonl"))


def kept_back_files() -> list[Path]:
    """Transcripts by another hand that nothing is learned from and nothing is tuned on."""
    return sorted(KEPT_BACK.glob("*.jsonl"))


def read_labelled(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The labelled messages of files, in order, each with the name of its ``transcript``.

    Raises ``ValueError`` for a broken line.
    """
    rows: list[dict[str, Any]] = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            rows += [json.loads(line) | {"transcript": path.stem} for line in lines if line.strip()]
    return rows
