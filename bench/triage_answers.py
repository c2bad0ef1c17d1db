"""Suggested answers: is the past answer that fits among the first three?"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from fuhui.triage import suggest

TRIAGE = Path(suggest.__code__.co_filename).parent
SETS = {"kept_back": TRIAGE / "kept_back" / "answers", "tuned_on": TRIAGE / "answers_corpus"}


def answer_figures() -> dict[str, Any]:
    """For consultations asked again in other words: where the past one that answers them is ranked."""
    return {name: _figures(folder) for name, folder in SETS.items()}


def _figures(folder: Path) -> dict[str, Any]:
    past = [(row["id"], row["question"], row["answer"]) for row in _rows(folder / "past.jsonl")]
    asked = _rows(folder / "asked.jsonl")
    began = time.process_time()
    ranks = [_rank(row["question"], row["right"], past) for row in asked]
    seconds = time.process_time() - began
    return {
        "asked": len(asked), "right_first": _share(ranks, 1), "right_among_three": _share(ranks, 3),
        "milliseconds_each": round(1000 * seconds / len(asked), 1),
    }  # fmt: skip


def _rank(question: str, right: str, past: list[tuple[str, str, str]]) -> int:
    found = [one.id for one in suggest(question, past)]
    return found.index(right) + 1 if right in found else 99


def _share(ranks: list[int], most: int) -> float:
    return round(sum(rank <= most for rank in ranks) / len(ranks), 3)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
