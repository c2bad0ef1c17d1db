"""What the operating system says of processes: which live in a folder, and how to end them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")


def postgres_in(data: Path) -> list[int]:
    """Ids of all PostgreSQL processes that work in this data folder, the server and its children alike."""
    if _PROC.exists():
        return [pid for pid in _pids() if _working_folder(pid) == data and b"postgres" in _command(pid)]
    listing = subprocess.run(  # fixed command
        ["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=False  # noqa: S607
    ).stdout
    lines = [line.split(None, 1) for line in listing.splitlines()]
    return [int(pid) for pid, command in lines if "postgres" in command and str(data) in command]


def end(pids: Iterable[int], how: signal.Signals, seconds: float) -> bool:
    """Sends the signal to each process and waits; True when all are gone within `seconds`."""
    left = list(pids)
    for pid in left:
        _send(pid, how)
    deadline = time.monotonic() + seconds
    while (left := [pid for pid in left if is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not left


def is_alive(pid: int) -> bool:
    """True while the process exists and is not merely waiting to be reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def _send(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return


def _pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _working_folder(pid: int) -> Path | None:
    try:
        return Path(os.readlink(_PROC / str(pid) / "cwd"))
    except OSError:
        return None


def _command(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""
