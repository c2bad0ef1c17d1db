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


def line_files() -> list[Path]:
    """Single messages to learn from, said without a conversation around them."""
    return sorted((FOLDER / "lines").glob("*.tsv"))


def read_lines(paths: Iterable[Path] | None = None) -> list[dict[str, Any]]:
    """Single messages as labelled transcripts of one message each: a matter of its own, or chatter.

    A line holds categories (or ``chat``), ``U`` where someone is in danger, and the text, with tabs between them.
    Raises ``ValueError`` for a broken line.
    """
    rows: list[dict[str, Any]] = []
    for path in line_files() if paths is None else paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            codes, mark, text = line.split("\t")
            name = f"{path.stem}-{number:04d}"
            matter = codes != "chat"
            rows.append({
                "id": name, "group": name, "sender": "邻居", "time": None, "text": text, "transcript": name,
                "kind": "report" if matter else "chat", "case": name if matter else None,
                "category": codes.split(",") if matter else None, "urgent": mark == "U", "private": [],
            })  # fmt: skip
    return rows


def read_labelled(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The labelled messages of files, in order, each with the name of its ``transcript``.

    Raises ``ValueError`` for a broken line.
    """
    rows: list[dict[str, Any]] = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            rows += [json.loads(line) | {"transcript": path.stem} for line in lines if line.strip()]
    return rows
