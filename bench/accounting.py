"""CPU time from the operating system's own accounting: of a server's process tree and of the database's."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*roots: int) -> float:
    """User and system seconds spent so far by these processes, their children, and children they have reaped."""
    children = _children()
    return sum(_seconds(pid) for root in roots for pid in _tree(root, children))


def _tree(root: int, children: dict[int, list[int]]) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _fields(int(entry.name))
            if fields:
                found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def _seconds(pid: int) -> float:
    fields = _fields(pid)
    # user, system, and the same of children that have ended
    return sum(int(value) for value in fields[11:15]) / TICKS if fields else 0.0


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
