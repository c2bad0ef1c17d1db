"""Writing an entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer

# The application's role may fill these columns only: time, sequence and hashes are the database's own.
_INSERT = (
    "INSERT INTO audit_entry (id, community_id, actor, actor_name, action, subject, subject_id, data)"
    " VALUES (%s, %s::uuid, %s, %s, %s, %s, %s, %s::jsonb)"
)
_NUL = "\x00"


def write(
    action: str, *, by: Viewer, community_id: UUID | None, subject: str, subject_id: UUID | str | None,
    data: Mapping[str, object] | None,
) -> None:
    """One INSERT. See `fuhui.shared.audit.record`."""
    values = [new_id(), community_id, by.actor, by.name, action, subject, str(subject_id or ""), as_json(data or {})]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def prepared(
    action: str, *, by: Viewer, community_id: UUID | None, subject: str, subject_id: UUID | str | None,
    data: Mapping[str, object] | None,
) -> dict[str, object]:
    """The entry's columns. See `fuhui.shared.audit.prepared`."""
    return {
        "id": new_id(), "community_id": community_id, "actor": by.actor, "actor_name": by.name, "action": action,
        "subject": subject, "subject_id": str(subject_id or ""), "data": json.loads(as_json(data or {})),
    }  # fmt: skip


def as_json(data: Mapping[str, object]) -> str:
    """Plain JSON: ids, dates and other values as text, without the NUL character that PostgreSQL cannot hold."""
    encoded = json.dumps(data, ensure_ascii=False, default=str)
    return json.dumps(_without_nul(json.loads(encoded)), ensure_ascii=False) if "\\u0000" in encoded else encoded


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(_NUL, "")
    if isinstance(value, list):
        return [_without_nul(part) for part in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(part) for key, part in value.items()}
    return value
