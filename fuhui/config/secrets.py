"""Keys of this installation: made once, kept in a file only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


class Secrets(TypedDict):
    """django: signing key. field_keys: key id → hex key, newest last. index_key: hex key of blind indexes."""

    django: str
    field_keys: dict[str, str]
    index_key: str


def load_or_create(path: Path) -> Secrets:
    """The installation's keys; made with fresh randomness on the first call, file mode 0600.

    Two processes starting together agree: the first to link its file into place wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f".{path.name}.{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(json.dumps(_fresh(), indent=1))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    loaded: Secrets = json.loads(path.read_text())
    return loaded


def _fresh() -> Secrets:
    return {
        "django": secrets.token_urlsafe(50),
        "field_keys": {"k1": secrets.token_hex(32)},
        "index_key": secrets.token_hex(32),
    }
