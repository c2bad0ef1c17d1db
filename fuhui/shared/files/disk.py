"""Files below MEDIA_ROOT: <community>/<year>/<id>.webp and its thumbnail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from fuhui.shared.errors import RuleBroken

THUMB_MARK = "-thumb"


def root() -> Path:
    """Where files lie."""
    return Path(settings.MEDIA_ROOT)


def thumb_of(path: str) -> str:
    """The thumbnail beside a picture."""
    place = Path(path)
    return str(place.with_name(f"{place.stem}{THUMB_MARK}{place.suffix}"))


def write(path: str, content: bytes) -> None:
    """Writes a file whole or not at all. Raises RuleBroken where the disk does not take it."""
    place = root() / path
    partial = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(place)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise RuleBroken("disk", "照片没有保存成功，服务器的磁盘可能已满。请稍后再试，并告诉系统管理员。") from error


def older_files(community_id: UUID, before: float) -> Iterator[tuple[UUID | None, Path]]:
    """Every file of a community last changed before a moment (seconds since 1970), with the id in its name."""
    for place in sorted((root() / str(community_id)).rglob("*")):
        if place.is_file() and place.stat().st_mtime < before:
            yield _id_of(place), place


def _id_of(place: Path) -> UUID | None:
    try:
        return UUID(place.stem.removesuffix(THUMB_MARK))
    except ValueError:
        return None
