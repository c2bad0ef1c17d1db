"""Small helps of actions: rows written together, which constraint was broken, and whether a page was opened on the
row as it is now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, models
from django.db.backends.postgresql.psycopg_any import Jsonb
from psycopg import Binary

from fuhui.shared.errors import StalePage


def insert_together(first: models.Model, others: Sequence[models.Model] = ()) -> None:
    """Writes a new row and others of any tables by one statement, in one round trip. Values are plain, not expressions.

    `first` is written first, so its constraints speak first; references between the rows may point both ways.
    Raises IntegrityError, as `save` does, and UnicodeEncodeError for half a character.
    """
    tables: dict[type[models.Model], list[models.Model]] = {}
    for row in others:
        tables.setdefault(type(row), []).append(row)
    database = connections[DEFAULT_DB_ALIAS]
    # What stands in WITH comes before the main statement, and so do its values: one JSON text a table, since the driver
    # reads a statement of more than fifty parameters anew each time.
    values = [_as_json(rows, database) for rows in tables.values()]
    values += [_value(field, first, database) for field in _fields(type(first))]
    with database.cursor() as cursor:
        cursor.execute(_statement(type(first), *tables), values)
    for row in (first, *others):
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _statement(first: type[models.Model], *others: type[models.Model]) -> str:
    named = ", ".join(f"w{number} AS ({_insert_json(model)})" for number, model in enumerate(others))
    table, columns = _table(first)
    own = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(_fields(first)))})"  # noqa: S608
    return f"WITH {named} {own}" if others else own


def _insert_json(model: type[models.Model]) -> str:
    table, columns = _table(model)
    # json_populate_recordset reads each value by the column's own type.
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608


def _table(model: type[models.Model]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(field.column) for field in _fields(model))


@cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


def _value(field: Any, row: models.Model, database: Any) -> Any:
    if type(field) in _PLAIN:
        return getattr(row, field.attname)
    return field.get_db_prep_save(field.pre_save(row, True), database)


# Fields whose value goes to the database as it stands in the row.
_PLAIN = {
    models.CharField, models.TextField, models.UUIDField, models.BooleanField, models.FloatField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField,
}  # fmt: skip


def _as_json(rows: Sequence[models.Model], database: Any) -> str:
    lines = [{field.column: _plain(_value(field, row, database)) for field in _fields(type(row))} for row in rows]
    try:
        return orjson.dumps(lines, default=str).decode()
    except TypeError:
        text = json.dumps(lines, ensure_ascii=False, default=str)
        text.encode()  # half a character: UnicodeEncodeError, as the driver would say
        return text


def _plain(value: Any) -> Any:
    """As JSON can hold it; bytes in PostgreSQL's own writing."""
    value = value.obj if isinstance(value, Jsonb | Binary) else value
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else value


def take_turn(*names: object) -> None:
    """Waits until nobody else holds the turn of these names, and keeps it until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join(map(str, names))])


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
