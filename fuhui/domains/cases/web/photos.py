"""Photos side by side: before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict
from uuid import UUID

from django.urls import reverse

_MOMENTS = (("before", "办理前"), ("evidence", "过程"), ("after", "办理后"))


class Photo(TypedDict):
    """One photo with its address and what it shows."""

    src: str
    alt: str


class PhotoGroup(TypedDict):
    """Photos of one moment."""

    moment: str
    label: str
    photos: list[Photo]


def photo_address(file_id: UUID | str) -> str:
    """Address of a stored photo."""
    return reverse("files:file", args=[file_id])


def photo_pairs(rows: Iterable[Mapping[str, Any]]) -> list[PhotoGroup]:
    """Photos by moment, before first; moments without photos are left out."""
    kept = list(rows)
    return [
        {"moment": moment, "label": label, "photos": [
            {"src": photo_address(row["id"]), "alt": row.get("note") or label} for row in kept if row["moment"] == moment]}
        for moment, label in _MOMENTS if any(row["moment"] == moment for row in kept)
    ]


def photo_rows(photos: Iterable[Any]) -> list[PhotoGroup]:
    """The same from stored rows."""
    return photo_pairs([{"id": one.file_id, "moment": one.moment, "note": one.note} for one in photos])
