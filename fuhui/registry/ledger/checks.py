"""Self-checks as data: questions to the database whose honest answer is nothing. Rooms add theirs in `ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

MOST_ROWS = 50


@dataclass(frozen=True)
class Check:
    """One self-check of a community.

    `summary` is a statement that gives one number: how many rows disagree. `details` gives those rows as
    (what is wrong in words, address of a page or ''); at most 50 are kept. Both know `%(community)s`.
    `severity` is "late" (figures are wrong) or "soon" (look at it); `advice` says what to do.
    """

    name: str
    title: str
    severity: str
    advice: str
    summary: str
    details: str


class Outcome(NamedTuple):
    """What one check found."""

    found: int
    rows: list[tuple[str, str]]


_checks: dict[str, Check] = {}


def register(check: Check) -> None:
    """Adds a check to the nightly round and to the page."""
    _checks[check.name] = check


def all_checks() -> list[Check]:
    """Every registered check, in the order of registration."""
    return list(_checks.values())


def look(check: Check, community: UUID) -> Outcome:
    """Asks one check now, in the connection's scope."""
    values: dict[str, Any] = {"community": community}
    with connection.cursor() as cursor:
        cursor.execute(check.summary, values)
        found = int(cursor.fetchone()[0])
        if not found:
            return Outcome(0, [])
        cursor.execute(f"SELECT * FROM ({check.details}) AS rows LIMIT {MOST_ROWS}", values)  # noqa: S608
        return Outcome(found, [(str(what), str(link or "")) for what, link in cursor.fetchall()])
