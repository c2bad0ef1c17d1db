"""The state of the database's tables, remembered by the database itself so that a second start is quick.

The note is the database's own comment (JSON): it moves, is copied and is dropped together with the tables.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from fuhui.config.environment import ROOT

_READ = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"


def migrations_digest() -> str:
    """Twelve hex digits that change when a migration, a helper they call or a locked package changes."""
    digest = hashlib.sha256()
    files = [*ROOT.glob("fuhui/**/migrations/**/*.*"), ROOT / "fuhui/shared/tenancy/walls.py"]
    files += [ROOT / "requirements/main.txt"] if (ROOT / "requirements/main.txt").exists() else []
    for file in sorted(file for file in files if "__pycache__" not in file.parts):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def connect(alias: str = "owner", dbname: str = "") -> psycopg.Connection[Any]:
    """A plain connection as one of the configured roles, in autocommit."""
    place = settings.DATABASES[alias]
    parts = {"host": place["HOST"], "port": place["PORT"], "user": place["USER"], "password": place["PASSWORD"]}
    given = {key: value for key, value in parts.items() if value}
    return psycopg.connect(dbname=dbname or place["NAME"], autocommit=True, connect_timeout=10, **given)


def notes() -> dict[str, str]:
    """What the database remembers: `migrations` (digest applied), `demo` (loading or ready)."""
    with connect() as db:
        row = db.execute(_READ).fetchone()
    try:
        read = json.loads(row[0]) if row and row[0] else {}
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}


def remember(**changes: str) -> None:
    """Adds to what the database remembers; does nothing where the owner's role may not (a managed server)."""
    text = json.dumps(notes() | changes, sort_keys=True)
    with connect() as db:
        command = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(db.info.dbname), sql.Literal(text))
        try:
            db.execute(command)
        except psycopg.errors.InsufficientPrivilege:
            return


def is_current() -> bool:
    """True when the database remembers exactly these migrations."""
    return notes().get("migrations") == migrations_digest()


def unapplied() -> int:
    """How many migrations the database still needs. Needs django.setup()."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate(verbosity: int = 0) -> None:
    """Applies every migration as the owner. Needs django.setup()."""
    from django.core.management import call_command

    call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    remember(migrations=migrations_digest())


def recreate() -> None:
    """Drops the embedded server's database and makes it again, empty. Every connection to it is ended."""
    name, owner = settings.DATABASES["owner"]["NAME"], settings.DATABASES["owner"]["USER"]
    with connect(dbname="postgres") as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        create = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
        db.execute(create)
