"""Photos side by side: before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict
from uuid import UUID

from fuhui.shared.files.queries import FULL, THUMB, file_address

_MOMENTS = (("before", "办理前"), ("evidence", "过程"), ("after", "办理后"))
Address = Callable[[UUID, str], str]


class Photo(TypedDict):
    """One photo: its address in full and small, and what it shows."""

    src: str
    thumb: str
    alt: str


class PhotoGroup(TypedDict):
    """Photos of one moment."""

    moment: str
    label: str
    photos: list[Photo]


def photo_pairs(rows: Iterable[Mapping[str, Any]], address: Address = file_address) -> list[PhotoGroup]:
    """Photos by moment, before first; moments without photos are left out."""
    kept = list(rows)
    return [
        {
            "moment": moment,
            "label": label,
            "photos": [_photo(row, label, address) for row in kept if row["moment"] == moment],
        }
        for moment, label in _MOMENTS
        if any(row["moment"] == moment for row in kept)
    ]


def photo_rows(photos: Iterable[Any], address: Address = file_address) -> list[PhotoGroup]:
    """The same from stored rows."""
    return photo_pairs([{"id": one.file_id, "moment": one.moment, "note": one.note} for one in photos], address)


def public_photos(photos: Iterable[Any], community_id: UUID) -> list[PhotoGroup]:
    """Photos on the public page, where visitors have no community of their own."""
    return photo_rows(photos, lambda key, size: file_address(key, size, public_in=community_id))


class Paper(TypedDict):
    """A document: where to save it from, and its name."""

    href: str
    name: str


def documents(rows: Iterable[Mapping[str, Any]], address: Address = file_address, *, own: bool = False) -> list[Paper]:
    """The documents among the rows; `own` leaves those of colleagues out."""
    moments = {"resident"} if own else {"resident", "document"}
    return [
        {"href": address(UUID(str(row["id"])), FULL), "name": row["note"]} for row in rows if row["moment"] in moments
    ]


def _photo(row: Mapping[str, Any], label: str, address: Address) -> Photo:
    key = UUID(str(row["id"]))
    return {"src": address(key, FULL), "thumb": address(key, THUMB), "alt": row.get("note") or label}
