"""Databases of the tests: a migrated template, a copy per process, a fresh copy for each race.

The tests run as the application's role, never as the owner, so that row-level security is real.
The template is kept between runs and made again only when a migration or a locked package changes.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

_TEMPLATE = "fuhui_test_template_"
_races = itertools.count()
_LOCK = 7_310_611  # advisory lock: one process makes the template, the others wait


def pytest_configure(config: pytest.Config) -> None:
    """Starts the embedded engine before anything connects; a power failure may cost a test database."""
    if hasattr(config, "workerinput") or os.environ.get("FUHUI_DATABASE_URL"):
        return
    from django.conf import settings

    from fuhui.config.engine import Engine

    Engine(settings.VAR / "postgres", durable=False).ensure()


@pytest.fixture(scope="session")
def template_database(django_db_blocker: Any) -> str:
    """Name of the template: every migration applied, no rows besides those migrations write."""
    from fuhui.config.schema import migrations_digest

    name = _TEMPLATE + migrations_digest()
    with _postgres() as db:
        db.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            if not _exists(db, name):
                with django_db_blocker.unblock():
                    _make_template(db, name)
                _drop_old_templates(db, name)
        finally:
            db.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return name


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, worker_id: str, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's database: this process's own copy of the template."""
    name = f"fuhui_test_{os.getpid()}_{worker_id}"
    with _postgres() as db:
        _drop_abandoned(db)
        _copy(db, template_database, name)
    with django_db_blocker.unblock(), _pointing_at(name):
        yield
    with _postgres() as db:
        _drop(db, name)


@pytest.fixture
def fresh_database(template_database: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """An own copy of the template for one test that commits, with as many real connections as it likes.

    Threads that use Django's `connection` must close it at their end. Yields the database's name.
    """
    with own_copy(template_database, f"race{next(_races)}", django_db_blocker) as name:
        yield name


@contextmanager
def own_copy(template: str, purpose: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the template for as long as the block runs; what is written there is committed. Yields its name."""
    name = f"fuhui_test_{os.getpid()}_{purpose}"
    with _postgres() as db:
        _copy(db, template, name)
    with django_db_blocker.unblock(), _pointing_at(name):
        yield name
    with _postgres() as db:
        _drop(db, name)


def _make_template(db: psycopg.Connection[Any], name: str) -> None:
    from django.core.management import call_command

    unfinished = f"{name}_unfinished"
    _drop(db, unfinished)
    db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    with _pointing_at(unfinished):
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    db.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))


@contextmanager
def _pointing_at(name: str) -> Iterator[None]:
    """Django's connections of both aliases open this database inside the block."""
    from django.db import connections

    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _point(dict.fromkeys(before, name))
    try:
        yield
    finally:
        _point(before)


def _point(names: dict[str, str]) -> None:
    from django.db import connections

    connections.close_all()
    for alias, name in names.items():
        # settings_dict is shared by the connections that other threads open later.
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _postgres() -> psycopg.Connection[Any]:
    """The owner's connection, outside any of the tests' databases."""
    from fuhui.config.schema import connect

    return connect(dbname="postgres")


def _exists(db: psycopg.Connection[Any], name: str) -> bool:
    return db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _copy(db: psycopg.Connection[Any], template: str, name: str) -> None:
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    db.execute(command.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(db: psycopg.Connection[Any], name: str) -> None:
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for pause in (0.1, 0.5, 2.0, 5.0):
        try:
            db.execute(command)
        except psycopg.errors.InsufficientPrivilege:  # the server's own vacuum is in there; it leaves by itself
            time.sleep(pause)
        else:
            return
    # Still in there: the database stays behind, and the next run drops it with what killed runs left.


def _drop_old_templates(db: psycopg.Connection[Any], current: str) -> None:
    for (name,) in db.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_TEMPLATE}%"]).fetchall():
        if name != current:
            _drop(db, name)


def _drop_abandoned(db: psycopg.Connection[Any]) -> None:
    """Databases of test processes that no longer live (a run that was killed)."""
    for (name,) in db.execute("SELECT datname FROM pg_database WHERE datname ~ '^fuhui_test_[0-9]+_'").fetchall():
        if not Path(f"/proc/{name.split('_')[2]}").exists() and Path("/proc").exists():
            _drop(db, name)
