"""Races with real connections: several threads wait at a line and start together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer


def race(*runners: tuple[Viewer, Callable[[], Any]]) -> list[Any]:
    """Runs every callable in a thread of its own, in its viewer's scope, all at once. Gives results or exceptions."""
    line = threading.Barrier(len(runners))
    results: list[Any] = [None] * len(runners)

    def run(position: int, viewer: Viewer, work: Callable[[], Any]) -> None:
        try:
            with acting(viewer):
                line.wait(20)
                results[position] = work()
        except Exception as error:
            results[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(position, *runner)) for position, runner in enumerate(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def failures(results: list[Any]) -> list[Exception]:
    """The exceptions among the results."""
    return [result for result in results if isinstance(result, Exception)]


@contextmanager
def as_owner() -> Iterator[Any]:
    """A cursor of the tables' owner, for negative controls: it may take a constraint away."""
    with connections["owner"].cursor() as cursor:
        yield cursor
    connections["owner"].close()


def count(sql: str, *values: Any) -> int:
    """The single number a statement gives, seen by the current connection."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
