"""Small helps of actions: rows written together, which constraint was broken, and whether a page was opened on the
row as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import IntegrityError, connection, models

from fuhui.shared.errors import StalePage


def insert_together(rows: Sequence[models.Model]) -> None:
    """Writes new rows of any tables by one statement, in one round trip. Values are plain, not expressions.

    The table of the first row is written first, so its constraints speak first; references between the rows may point
    both ways. Raises IntegrityError, as `save` does.
    """
    tables: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    (first, members), *others = tables.items()
    called = ", ".join(f"w{number} AS ({_insert(model, len(more))})" for number, (model, more) in enumerate(others))
    statement = f"WITH {called} {_insert(first, len(members))}" if others else _insert(first, len(members))
    # The statements named in WITH stand before the main one, and so do their values.
    values = [value for model, more in (*others, (first, members)) for row in more for value in _values(model, row)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


@lru_cache(maxsize=1000)
def _insert(model: type[models.Model], count: int) -> str:
    quote = connection.ops.quote_name
    fields = _fields(model)
    columns = ", ".join(quote(field.column) for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([line] * count)}"  # noqa: S608


def _values(model: type[models.Model], row: models.Model) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in _fields(model)]


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
