"""`make bench-triage`: quality and speed of the language library; results to bench/results/triage.json.

Nothing that is measured here is learned from: transcripts of the practice file and of ``kept_back``, rows of the
hotline in folds that keep near-duplicates together. What is absent is left out and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from bench.triage_answers import answer_figures
from bench.triage_hotline import classifier_figures, hot_figures
from bench.triage_left_out import left_out_figures
from bench.triage_talk import speed_figures, talk_figures

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results" / "triage.json"
DATA = Path(os.environ.get("FUHUI_MEASURE_DATA", ROOT.parent / "shared" / "data"))
PARTS = ("talk", "speed", "answers", "classifier", "hot")
WHEN_NAMED = ("left_out",)  # learns again, for minutes
# figure -> (bar, True where more is better)
BARS: dict[str, tuple[float, bool]] = {
    "matter_f1": (0.90, True), "cases_found": (0.95, True), "pair_f1": (0.85, True), "category_right": (0.88, True),
    "urgent_share": (1.0, True), "false_alarms": (0.02, False), "private_share": (1.0, True),
    "calibration_error": (0.05, False), "messages_per_second": (2000, True), "busy_group_per_second": (2000, True),
    "title_rows_per_second": (10_000, True), "title_macro_f1": (0.905, True), "macro_f1": (0.92, True),
    "load_seconds": (1.0, False), "megabytes": (20.0, False), "precision": (0.9, True), "recall": (0.9, True),
    "rank": (10, False), "right_among_three": (0.60, True),
}  # fmt: skip


def main() -> int:
    """Measures what is asked for, prints it with the bars, writes the file; 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "parts", nargs="*", choices=[*PARTS, *WHEN_NAMED, []], help="which parts; without, all but left_out"
    )
    options.add_argument("--folds", type=int, default=5, help="folds of the classifier's cross-validation")
    given = options.parse_args()
    wanted = given.parts or list(PARTS)
    found = {part: _measured(part, given.folds) for part in wanted}
    if set(wanted) == set(PARTS):
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    missed = _print(found)
    sys.stdout.write(f"\n{f'没有达到：{missed} 项。' if missed else '全部达到。'}\n")
    return 1 if missed else 0


def _measured(part: str, folds: int) -> dict[str, Any]:
    if part == "talk":
        return talk_figures(DATA / "practice.jsonl")
    if part == "left_out":
        return left_out_figures()
    if part == "speed":
        return speed_figures()
    if part == "answers":
        return answer_figures()
    if part == "classifier":
        return classifier_figures(DATA / "public" / "hotline_labelled_train.csv.gz", folds)
    return hot_figures(DATA / "public" / "hotline_year_4326.csv.gz", DATA / "public" / "hotline_year_known_issues.json")


def _print(found: dict[str, Any], depth: int = 0) -> int:
    missed = 0
    for name, value in found.items():
        if isinstance(value, dict):
            sys.stdout.write(f"{'  ' * depth}{name}\n")
            missed += _print(value, depth + 1)
            continue
        verdict = _verdict(name, value)
        missed += verdict.startswith("  ✗")
        sys.stdout.write(f"{'  ' * depth}{name:<26}{value}{verdict}\n")
    return missed


def _verdict(name: str, value: object) -> str:
    if name not in BARS or not isinstance(value, int | float):
        return ""
    bar, more = BARS[name]
    reached = value >= bar if more else value <= bar
    return "" if reached else f"  ✗ 目标 {'≥' if more else '≤'} {bar}"


if __name__ == "__main__":
    sys.exit(main())
