"""Queries that are put together once: for what every page reads, the query builder takes longer than the database."""

from __future__ import annotations

from collections.abc import Callable
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
    """A queryset that differs from call to call in one key only, compiled once: `rows` makes it for a given key.

    The statement must depend on nothing else that changes: no moment, no setting of the request.
    """

    def __init__(self, rows: Callable[[UUID], QuerySet[M]]) -> None:
        self._hole = new_id()
        queryset = rows(self._hole)
        self._alias = queryset.db
        self._compiler: Any = queryset.query.get_compiler(self._alias)
        try:
            self._sql, self._values = self._compiler.as_sql()
        except EmptyResultSet:  # nobody's rows
            self._sql, self._values = "", ()

    def rows(self, key: UUID) -> list[M]:
        """The rows for this key. One statement."""
        compiler = copy(self._compiler)
        compiler.connection = connections[self._alias]  # each thread has its own
        values = tuple(key if value == self._hole else value for value in self._values)
        compiler.as_sql = lambda *_, **__: (self._sql, values)
        asked: Any = SimpleNamespace(
            db=self._alias, query=SimpleNamespace(get_compiler=lambda using: compiler), _known_related_objects={}
        )
        return list(ModelIterable(asked))

    def first(self, key: UUID) -> M | None:
        """The first row for this key, None where there is none. One statement."""
        return next(iter(self.rows(key)), None)
