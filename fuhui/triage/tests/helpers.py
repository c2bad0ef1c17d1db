"""Where measured files lie, and short ways to make messages."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fuhui.triage import Message

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"


def data_file(name: str) -> Path:
    """A file for measuring; skips the test where it is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is absent: measured only where the shared data is mounted")
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    """JSON lines of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def talk(*said: tuple[str, str], group: str = "试验群", gap: int = 3) -> list[Message]:
    """Messages ``gap`` minutes apart from (sender, text)."""
    start = datetime(2026, 5, 4, 9, 0)  # noqa: DTZ001
    return [
        Message(f"m{i}", group, who, start + timedelta(minutes=gap * i), text)
        for i, (who, text) in enumerate(said)
    ]
