"""`make bench`: every work at 10,000 and at 1,000,000 cases, beside the floor; results to bench/results/latest.json."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results" / "latest.json"
SIZES = (10_000, 1_000_000)
# CPU per request, server + database, in milliseconds
REACH = {"create": 6.0, "queue_api": 3.0, "queue_page": 6.0, "case_page": 10.0}
SEARCH_P95_MS, GROWTH = 30.0, 1.3


def main() -> int:
    """Measures each size in a process of its own, prints the table, writes the file; 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="*", default=list(SIZES))
    options.add_argument("--count", type=int, default=400, help="requests per round")
    given = options.parse_args()
    found = [entry for rows in given.rows for entry in _measure(rows, given.count)]
    if tuple(given.rows) == SIZES:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")
    _print(found)
    missed = _missed(found)
    sys.stdout.write("\n".join(["", *missed, ""]) if missed else "\n全部达到。\n")
    return 1 if missed else 0


def _measure(rows: int, count: int) -> list[dict[str, Any]]:
    out = ROOT / "var" / "bench" / f"{rows}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "FUHUI_VAR": str(out.parent), "DJANGO_SETTINGS_MODULE": "fuhui.config.settings"}
    command = [sys.executable, "-m", "bench.run", str(rows), str(count), str(out)]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)
    found: list[dict[str, Any]] = json.loads(out.read_text())
    return found


def _print(found: list[dict[str, Any]]) -> None:
    heads = ("work", "rows", "cpu_ms", "floor_cpu_ms", "p50_ms", "p95_ms", "statements")
    sys.stdout.write(f"\n{heads[0]:<18}{heads[1]:>10}" + "".join(f"{head:>14}" for head in heads[2:]) + "\n")
    for entry in found:
        sys.stdout.write(
            f"{entry['work']:<18}{entry['rows']:>10}"
            + "".join(
                f"{entry[head]:>14.2f}" if isinstance(entry[head], float) else f"{entry[head]!s:>14}"
                for head in heads[2:]
            )
            + "\n"
        )


def _missed(found: list[dict[str, Any]]) -> list[str]:
    missed = [
        f"未达到：{entry['work']} 在 {entry['rows']} 条时 {entry['cpu_ms']:.2f} ms，目标 {REACH[entry['work']]} ms"
        for entry in found
        if entry["work"] in REACH and entry["cpu_ms"] > REACH[entry["work"]]
    ]
    missed += [
        f"未达到：搜索 p95 {entry['p95_ms']:.1f} ms，目标 {SEARCH_P95_MS} ms"
        for entry in found
        if entry["work"].startswith("search") and entry["p95_ms"] > SEARCH_P95_MS
    ]
    by_size = {(entry["work"], entry["rows"]): entry["p95_ms"] for entry in found}
    for work in REACH:
        small, large = by_size.get((work, SIZES[0])), by_size.get((work, SIZES[1]))
        if small and large and large > GROWTH * small:
            missed.append(f"未达到：{work} 的 p95 从 {small:.1f} 增到 {large:.1f} ms，超过 {GROWTH} 倍")
    return missed


if __name__ == "__main__":
    sys.exit(main())
