"""A kept connection is used again while it lives, and replaced when the server has ended it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.signals import request_started
from django.db import DatabaseError, connection, transaction


def _pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_living_connection_is_kept_without_asking_the_server(fresh_database: str) -> None:
    before = _pid()
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        assert connection.is_usable()
    assert asked == []
    assert _pid() == before


def test_a_request_after_the_server_ended_the_connection_gets_a_new_one(fresh_database: str) -> None:
    before = _pid()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_session_timeout', '50ms', false)")
    time.sleep(0.5)
    assert not connection.is_usable()
    request_started.send(sender=None)  # what Django does before each request
    assert _pid() != before


@pytest.mark.django_db
def test_a_failed_transaction_is_not_called_usable() -> None:
    assert connection.is_usable()
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT 1/0")
        assert not connection.is_usable()
        transaction.set_rollback(True)
    assert connection.is_usable()
