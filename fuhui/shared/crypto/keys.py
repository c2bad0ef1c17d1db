"""The keys of the installation: derived once per process, read again when another process has added one."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

AES_GCM = "AES-GCM"
SM4_GCM = "SM4-GCM"


class SealBroken(Exception):
    """A sealed value that cannot be opened: wrong key, wrong place or changed bytes."""


def newest_key_id() -> str:
    """The key that seals from now on."""
    return next(reversed(settings.SECRETS["field_keys"]))


def key_for(key_id: str, cipher: str) -> bytes:
    """The key of a cipher: 32 bytes for AES-256, 16 for SM4. Raises SealBroken where the id is unknown."""
    return _derived(_master(key_id), cipher)


def index_key() -> str:
    """The hex key of blind indexes. Never rotated: every index in every table depends on it."""
    return str(settings.SECRETS["index_key"])


def secrets_file() -> Path:
    """Where the installation keeps its keys."""
    return Path(settings.VAR) / "secrets.json"


def add_key() -> str:
    """Adds a fresh newest key to the file (written whole or not at all, mode 0600) and returns its id."""
    path = secrets_file()
    with _only_one(path):
        stored = json.loads(path.read_text())
        key_id = _free_id(stored["field_keys"])
        stored["field_keys"][key_id] = secrets.token_hex(32)
        _replace(path, json.dumps(stored, indent=1))
    read_again()
    return key_id


def read_again() -> None:
    """Takes over keys that another process has added to the file."""
    path = secrets_file()
    if path.exists():
        settings.SECRETS["field_keys"].update(json.loads(path.read_text())["field_keys"])


def _master(key_id: str) -> str:
    if key_id not in settings.SECRETS["field_keys"]:
        read_again()
    try:
        return str(settings.SECRETS["field_keys"][key_id])
    except KeyError as error:
        raise SealBroken(f"密钥 {key_id!r} 不在 secrets.json 里：请从备份恢复这个文件。") from error


@lru_cache(maxsize=64)
def _derived(master: str, cipher: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"fuhui field {cipher}".encode()).derive(bytes.fromhex(master))
    return derived[:16] if cipher == SM4_GCM else derived


def _free_id(taken: dict[str, str]) -> str:
    number = len(taken) + 1
    while f"k{number}" in taken:
        number += 1
    return f"k{number}"


def _replace(path: Path, content: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    with fresh.open("w") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Two rotations at once add two keys, one after the other."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
