"""Cases that hold words, newest first."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from fuhui.domains.cases.rules.words import query_words


def search_ids(words: str, limit: int = 200, *, before: UUID | None = None, open_only: bool = False) -> list[UUID]:
    """Ids of the newest cases that hold all the words, inside the connection's communities.

    `before` leaves out that case and all newer ones. The search runs in a function of the owner that keeps to the
    same wall: row-level security would keep the index from being used, because text search is not marked leakproof.
    What a viewer may see of these is the caller's business.
    """
    terms = query_words(words)
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_search_ids(%s, %s, %s, %s)", [terms, limit, before, open_only])
        return [row[0] for row in cursor.fetchall()]
