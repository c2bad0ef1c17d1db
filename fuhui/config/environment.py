"""Settings from the environment, read strictly: a value that cannot be understood stops the start."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


class BadSetting(ValueError):
    """A setting that cannot be understood. The message names it and says what it should look like."""


def text(name: str, default: str = "") -> str:
    """The setting as text, stripped."""
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """The setting as yes or no; raises BadSetting for anything else."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={value!r}: expected yes or no")


def number(name: str, default: int) -> int:
    """The setting as a whole number; raises BadSetting otherwise."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise BadSetting(f"{name}={value!r}: expected a whole number") from error


def names(name: str, default: str = "") -> list[str]:
    """The setting as a comma-separated list without empty entries."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """The setting as an absolute folder."""
    return Path(text(name) or default).expanduser().resolve()


def database_parts(url: str) -> dict[str, str]:
    """Parts of a PostgreSQL URL for Django; raises BadSetting for another scheme or no database name."""
    parts = urlsplit(url)
    database = parts.path.lstrip("/")
    if parts.scheme not in {"postgres", "postgresql"} or not database:
        raise BadSetting("FUHUI_DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "NAME": unquote(database),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
    }
