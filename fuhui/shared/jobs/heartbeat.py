"""The heartbeat of periodic jobs, written apart from the transactions of their work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_STARTED = """INSERT INTO jobs_heartbeat (name, known_since, last_started, last_error, expected_every_seconds)
              VALUES (%s, clock_timestamp(), clock_timestamp(), '', %s)
              ON CONFLICT (name) DO UPDATE SET last_started = excluded.last_started,
                                               expected_every_seconds = excluded.expected_every_seconds"""
_FINISHED = "UPDATE jobs_heartbeat SET last_finished = clock_timestamp(), last_error = '' WHERE name = %s"
_FAILED = "UPDATE jobs_heartbeat SET last_error = %s WHERE name = %s"
_KNOWN = """INSERT INTO jobs_heartbeat (name, known_since, last_error, expected_every_seconds)
            VALUES (%s, clock_timestamp(), '', %s)
            ON CONFLICT (name) DO UPDATE SET expected_every_seconds = excluded.expected_every_seconds
            WHERE jobs_heartbeat.expected_every_seconds <> excluded.expected_every_seconds"""
_ERROR_LENGTH = 500


@contextmanager
def beating(name: str, expected_every_seconds: int) -> Iterator[None]:
    """Notes start and end of a run, or its error, which is raised on."""
    _write(_STARTED, name, expected_every_seconds)
    try:
        yield
    except Exception as error:
        _write(_FAILED, f"{type(error).__name__}: {error}"[:_ERROR_LENGTH], name)
        raise
    _write(_FINISHED, name)


def make_known(name: str, expected_every_seconds: int) -> None:
    """A job that has never run is known from now on, so that its absence is noticed."""
    _write(_KNOWN, name, expected_every_seconds)


def _write(statement: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
