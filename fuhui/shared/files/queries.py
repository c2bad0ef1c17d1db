"""Reading stored files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.urls import reverse

from fuhui.shared.errors import NotFound
from fuhui.shared.files import disk
from fuhui.shared.files.models import Stored
from fuhui.shared.files.readers import StoredFile, may_read_file
from fuhui.shared.viewers import Viewer

FULL, THUMB = "full", "thumb"
SIZES = (FULL, THUMB)


@dataclass(frozen=True)
class OpenedFile:
    """A file that the viewer may see."""

    stored: StoredFile
    place: Path


def file_for(viewer: Viewer, file_id: UUID) -> StoredFile:
    """One stored file; NotFound where it does not exist or the viewer may not see it."""
    row = Stored.objects.filter(id=file_id).first()
    if row is None or not viewer.sees(row.community_id):
        raise NotFound()
    stored = as_stored_file(row)
    if not may_read_file(viewer, stored):
        raise NotFound()
    return stored


def open_file(viewer: Viewer, file_id: UUID, size: str = FULL) -> OpenedFile:
    """The place of a file in one of its sizes (full, thumb) on the disk; NotFound as `file_for`."""
    stored = file_for(viewer, file_id)
    place = disk.root() / (disk.thumb_of(stored.path) if size == THUMB else stored.path)
    if size not in SIZES or not place.is_file():
        raise NotFound()
    return OpenedFile(stored, place)


def file_address(file_id: UUID, size: str = FULL, *, public_in: UUID | None = None) -> str:
    """Address of a file. On public pages `public_in` names the community, since visitors have none of their own."""
    address = reverse("files:file", args=[file_id, size])
    return f"{address}?in={public_in}" if public_in else address


def as_stored_file(row: Stored) -> StoredFile:
    """The row as handed to other rooms."""
    return StoredFile(
        row.id, row.community_id, row.purpose, row.kind, row.sha256, row.size, row.content_type, row.width, row.height,
        row.name, row.path, row.uploaded_by, row.created_at,
    )
