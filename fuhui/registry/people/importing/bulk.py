"""Writing many rows at once, as the application's role and behind row-level security.

PostgreSQL refuses COPY into a table with row-level security, so the rows are copied into a temporary table
and go from there with one statement, which checks them as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Inserts rows (plain values in the order of `columns`); answers how many."""
    stage = _staged(table, columns, rows)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return _run(sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(sql.Identifier(table), names, names, stage))


def update_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, match: Sequence[str]) -> int:
    """Sets the columns of rows found by the columns of `match`, which are the first ones; answers how many."""
    stage = _staged(table, columns, rows)
    changed = [name for name in columns if name not in match]
    sets = sql.SQL(", ").join(sql.SQL("{} = s.{}").format(sql.Identifier(n), sql.Identifier(n)) for n in changed)
    where = sql.SQL(" AND ").join(sql.SQL("t.{} = s.{}").format(sql.Identifier(n), sql.Identifier(n)) for n in match)
    return _run(sql.SQL("UPDATE {} t SET {} FROM {} s WHERE {}").format(sql.Identifier(table), sets, stage, where))


def _staged(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> sql.Identifier:
    stage = sql.Identifier(f"stage_{table}")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    _run(sql.SQL("DROP TABLE IF EXISTS {}").format(stage))
    make = sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA")
    _run(make.format(stage, names, sql.Identifier(table)))
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(stage, names)) as copy:
        for row in rows:
            copy.write_row(row)
    _run(sql.SQL("ANALYZE {}").format(stage))
    return stage


def _run(statement: sql.Composed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
