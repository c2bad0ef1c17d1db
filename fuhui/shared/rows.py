"""Small helps of actions: which constraint was broken, and whether a page was opened on the row as it is now."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, models

from fuhui.shared.errors import StalePage


def broken_constraint(error: IntegrityError) -> str:
    """Name of the constraint the database refused by, '' where it named none."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or "")


def stamp(row: models.Model) -> str:
    """A short mark of the row's present values. A form carries it along; `require_fresh` compares it."""
    # As plain text, so that a fresh row (enums) and the same row read back (text) have the same mark.
    values = repr([str(getattr(row, field.attname)) for field in row._meta.concrete_fields])
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def require_fresh(row: models.Model, seen: str) -> None:
    """Raises StalePage when the row changed since the form was opened. '' asks for no check (programs, imports)."""
    if seen and seen != stamp(row):
        raise StalePage("stale", "这条记录刚刚被别人修改过，您的修改还没有保存。请刷新页面核对后再改一次。")
