"""The name of a benchmark database: it changes with the tables, so that an old one is never measured."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def database_name(rows: int) -> str:
    """`fuhui_bench_<rows>_<digest of migrations and generator>`."""
    digest = hashlib.sha256()
    for file in sorted([*ROOT.glob("fuhui/**/migrations/*.py"), ROOT / "bench/generator.py", ROOT / "bench/town.py"]):
        digest.update(file.read_bytes())
    return f"fuhui_bench_{rows}_{digest.hexdigest()[:8]}"
