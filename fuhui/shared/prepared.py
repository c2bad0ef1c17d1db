"""Queries that are put together once: for what every page reads, the query builder takes longer than the database."""

from __future__ import annotations

from copy import copy
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.query import ModelIterable, QuerySet

from fuhui.shared.identifiers import new_id

M = TypeVar("M", bound=models.Model)


class PreparedQuery(Generic[M]):
    """Rows of a queryset by their key, with its conditions, joined rows and annotations, compiled once.

    The statement must depend on nothing that changes but the key: no moment, no setting of the request.
    """

    def __init__(self, rows: QuerySet[M]) -> None:
        self._hole = new_id()
        compiler = rows.filter(pk=self._hole).query.get_compiler(rows.db)
        try:
            sql, self._values = compiler.as_sql()
        except EmptyResultSet:  # nobody's rows
            sql, self._values = "", ()
        self._compiler: Any = compiler
        self._sql, self._alias = sql, rows.db

    def get(self, key: UUID) -> M | None:
        """The row, or None where the conditions leave none. One statement."""
        compiler = copy(self._compiler)
        compiler.connection = connections[self._alias]  # each thread has its own
        values = tuple(key if value == self._hole else value for value in self._values)
        compiler.as_sql = lambda *_, **__: (self._sql, values)
        asked: Any = SimpleNamespace(
            db=self._alias, query=SimpleNamespace(get_compiler=lambda using: compiler), _known_related_objects={}
        )
        return next(iter(ModelIterable(asked)), None)
