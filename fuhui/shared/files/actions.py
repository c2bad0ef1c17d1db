"""Storing photos and documents, and removing files that no row knows."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.shared import audit
from fuhui.shared.files import disk, documents
from fuhui.shared.files.models import Kind, Stored
from fuhui.shared.files.photos import CONTENT_TYPE, SUFFIX, clean_photo, read_photo
from fuhui.shared.files.queries import as_stored_file
from fuhui.shared.files.readers import StoredFile
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer

_AT_ONCE = 500


@transaction.atomic
def store_photo(
    *, community_id: UUID, upload: bytes | IO[bytes] | Any, name: str, by: Viewer, purpose: str = "case"
) -> StoredFile:
    """Checks and keeps one photo; `upload` is its bytes or an open file, `purpose` names the room that shows it.

    The file is on the disk before the row is committed: a row never lacks its file; a file whose transaction
    failed is removed by a job. Raises BadInput as `photos.clean_photo`, RuleBroken when the disk is full.
    """
    photo = clean_photo(read_photo(upload))
    number = new_id()
    path = f"{community_id}/{timezone.localdate().year}/{number}{SUFFIX}"
    disk.write(disk.thumb_of(path), photo.thumb)
    disk.write(path, photo.full)
    row = Stored.objects.create(
        id=number, community_id=community_id, purpose=purpose, kind=Kind.PHOTO, content_type=CONTENT_TYPE,
        sha256=hashlib.sha256(photo.full).hexdigest(), size=len(photo.full), width=photo.width, height=photo.height,
        name=PurePath(name or "").name.replace("\x00", "")[-100:], path=path, uploaded_by=by.actor,
    )
    audit.record("files.store", by=by, community_id=community_id, subject="file", subject_id=number,
                 data={"purpose": purpose, "sha256": row.sha256})
    return as_stored_file(row)


@transaction.atomic
def store_document(
    *, community_id: UUID, upload: bytes | IO[bytes] | Any, name: str, by: Viewer, purpose: str = "case"
) -> StoredFile:
    """Checks and keeps one PDF, docx or xlsx as it is; it is only ever handed out as a download.

    Raises BadInput as `documents.clean_document`, RuleBroken when the disk is full. Disk and row as in `store_photo`.
    """
    content = upload if isinstance(upload, bytes) else upload.read(documents.MOST_BYTES + 1)
    found = documents.clean_document(content, name)
    number = new_id()
    path = f"{community_id}/{timezone.localdate().year}/{number}{found.suffix}"
    disk.write(path, found.content)
    row = Stored.objects.create(
        id=number, community_id=community_id, purpose=purpose, kind=Kind.DOCUMENT, content_type=found.content_type,
        sha256=hashlib.sha256(found.content).hexdigest(), size=len(found.content), name=found.name, path=path,
        uploaded_by=by.actor,
    )
    audit.record("files.store", by=by, community_id=community_id, subject="file", subject_id=number,
                 data={"purpose": purpose, "sha256": row.sha256, "type": found.suffix})
    return as_stored_file(row)


def remove_orphans(*, community_id: UUID, before: float) -> int:
    """Removes files of a community that no row knows and that are older than `before` (seconds since 1970), so that
    an upload still in its transaction is left alone. Returns how many."""
    found = list(disk.older_files(community_id, before))
    removed = 0
    for start in range(0, len(found), _AT_ONCE):
        batch = found[start : start + _AT_ONCE]
        named = {number for number, _ in batch if number}
        known = set(Stored.objects.filter(id__in=named).values_list("id", flat=True))
        for place in [place for number, place in batch if number not in known]:
            place.unlink(missing_ok=True)
            removed += 1
    return removed
