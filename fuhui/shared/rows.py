"""Small helps of actions: rows written together, which constraint was broken, and whether a page was opened on the
row as it is now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, models, transaction
from django.db.backends.postgresql.psycopg_any import Jsonb
from psycopg import Binary

from fuhui.shared.errors import StalePage
from fuhui.shared.events import Event, heard


def insert_together(
    first: models.Model, others: Sequence[models.Model] = (), *, entry: Mapping[str, Any] | None = None
) -> None:
    """Writes a new row and others of any tables by one statement, in one round trip. Values are plain, not expressions.

    `first` is written first, so its constraints speak first; references between the rows may point both ways.
    `entry` is one of the audit trail (`audit.prepared`), written along.
    Raises IntegrityError, as `save` does, and UnicodeEncodeError for half a character.
    """
    tables: dict[type[models.Model], list[models.Model]] = {}
    for row in others:
        tables.setdefault(type(row), []).append(row)
    # What stands in WITH comes before the main statement, and so do its values: one JSON text a table, since the driver
    # reads a statement of more than fifty parameters anew each time.
    values: list[Any] = [_as_json(rows) for rows in tables.values()]
    values += [_json([entry])] if entry else []
    values += _values(first)
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(first), tuple(entry) if entry else (), *tables), values)
    for row in (first, *others):
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _statement(first: type[models.Model], entry: tuple[str, ...], *others: type[models.Model]) -> str:
    parts = [_insert_json(*_table(model)) for model in others]
    parts += [_insert_json("audit_entry", ", ".join(entry))] if entry else []
    named = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts))
    table, columns = _table(first)
    own = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(_fields(first)))})"  # noqa: S608
    return f"WITH {named} {own}" if named else own


def _insert_json(table: str, columns: str) -> str:
    # json_populate_recordset reads each value by the column's own type.
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608


def _table(model: type[models.Model]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(field.column) for field in _fields(model))


@cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


# Fields whose value goes to the database as it stands in the row, and those of structured values.
_PLAIN = (
    models.CharField, models.TextField, models.UUIDField, models.BooleanField, models.FloatField, models.ForeignKey,
    models.PositiveIntegerField, models.PositiveSmallIntegerField,
)  # fmt: skip


@cache
def _readers(model: type[models.Model], *, within_json: bool) -> tuple[tuple[str, str, Any], ...]:
    """Of each field its column, its attribute, and what prepares its value; None where nothing has to."""
    return tuple((field.column, field.attname, _reader(field, within_json)) for field in _fields(model))


def _reader(field: Any, within_json: bool) -> Any:
    own_time = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if isinstance(field, _PLAIN) or (isinstance(field, models.DateTimeField) and not own_time):
        return None
    if isinstance(field, models.JSONField) and field.encoder is None:
        return None if within_json else partial(_structured, field.attname)
    return partial(_prepared, field)


def _structured(name: str, row: models.Model) -> str | None:
    value = getattr(row, name)
    return None if value is None else _json(value)


def _prepared(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, True), connections[DEFAULT_DB_ALIAS])


def _values(row: models.Model) -> list[Any]:
    return [read(row) if read else getattr(row, name) for _, name, read in _readers(type(row), within_json=False)]


def _as_json(rows: Sequence[models.Model]) -> str:
    readers = _readers(type(rows[0]), within_json=True)
    return _json(
        [{column: read(row) if read else getattr(row, name) for column, name, read in readers} for row in rows]
    )


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value, default=_other, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        text = json.dumps(value, ensure_ascii=False, default=_other)
        text.encode()  # half a character: UnicodeEncodeError, as the driver would say
        return text


def _other(value: Any) -> Any:
    """What JSON has no form for; bytes in PostgreSQL's own writing."""
    value = value.obj if isinstance(value, Jsonb | Binary) else value
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else str(value)


def transaction_for(event: type[Event]) -> AbstractContextManager[Any]:
    """The transaction of an action that writes by one statement and announces one event: that statement is a
    transaction of its own where nobody reacts to the event, which saves the two round trips of BEGIN and COMMIT."""
    return transaction.atomic() if connection.in_atomic_block or heard(event) else nullcontext()


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
