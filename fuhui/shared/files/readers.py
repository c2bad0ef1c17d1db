"""Who may see a file: asked of the room that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class StoredFile:
    """What is known of a stored file. `sha256`, `size`, `width` and `height` are of the file as it is kept."""

    id: UUID
    community_id: UUID
    purpose: str
    kind: str
    sha256: str
    size: int
    content_type: str
    width: int | None
    height: int | None
    name: str
    path: str
    uploaded_by: str
    created_at: datetime


Reader = Callable[[Viewer, StoredFile], bool]
_readers: dict[str, Reader] = {}


def register_reader(purpose: str, may_read: Reader) -> None:
    """Sets who answers for the files of a purpose ("case")."""
    _readers[purpose] = may_read


def may_read_file(viewer: Viewer, stored: StoredFile) -> bool:
    """The answer of the room that the file belongs to; no where nobody answers."""
    reader = _readers.get(stored.purpose)
    return reader is not None and reader(viewer, stored)
