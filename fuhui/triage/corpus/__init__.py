"""The labelled transcripts that ship: what the model learns from, and what is kept back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
HELD_OUT = "heldout_"


def training_files() -> list[Path]:
    """Transcripts to learn from."""
    return sorted(p for p in FOLDER.glob("*.jsonl") if not p.name.startswith(HELD_OUT))


def heldout_files() -> list[Path]:
    """Transcripts that are only measured on."""
    return sorted(FOLDER.glob(f"{HELD_OUT}*.jsonl"))


def read_labelled(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The labelled messages of files, in order; raises ``ValueError`` for a broken line."""
    rows: list[dict[str, Any]] = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines if line.strip()]
    return rows
