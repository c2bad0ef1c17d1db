"""The uploaded list on disk: kept until the import is done or seven days, then removed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from fuhui.shared.errors import BadInput, RuleBroken

MOST_BYTES = 40 * 1024 * 1024
KEPT_DAYS = 7


class Stored(NamedTuple):
    """A stored list: its path below the folder of files, its SHA-256 and size in bytes."""

    path: str
    digest: str
    size: int


def store(community_id: UUID, batch_id: UUID, chunks: Iterable[bytes]) -> Stored:
    """Writes the upload, readable by the server's own user only. Raises BadInput beyond 40 MB or when empty."""
    path = f"imports/{community_id}/{batch_id}"
    target = _root() / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                break
            digest.update(chunk)
            file.write(chunk)
    if size == 0 or size > MOST_BYTES:
        remove(path)
        raise too_large() if size else BadInput("empty_file", "这个文件是空的，请重新选择文件。", field="file")
    return Stored(path, digest.hexdigest(), size)


def too_large() -> BadInput:
    """The answer to a file that is too large."""
    return BadInput(
        "file_size", "文件超过 40 MB。名册通常只有几 MB：请删掉表里的图片，或按小区分成几个文件再导入。", field="file"
    )


def path_of(path: str) -> Path:
    """The stored file. Raises RuleBroken where it has been removed."""
    found = _root() / path
    if not path or not found.is_file():
        raise RuleBroken("file_gone", f"上传的文件已按规定清除（最多保留 {KEPT_DAYS} 天），请重新上传。")
    return found


def remove(path: str) -> None:
    """Removes a stored list; nothing happens where there is none."""
    if path:
        (_root() / path).unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)
