"""Reads of accounts: the viewer behind a session or a token."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from fuhui.shared.viewers import Grant, Role, Viewer

# These two functions belong to the owner and read past row-level security, because the scope
# is not known before they have answered. They give one account's own grants and nothing else.
_GRANTS = "SELECT role, community_id, grid_id, organisation_id FROM accounts_grants_of(%s)"
_TOKEN = (
    "SELECT account_id, person_id, display_name, role, community_id, grid_id, organisation_id"  # noqa: S105
    " FROM accounts_token_viewer(%s)"
)


def token_hash(token: str) -> bytes:
    """What is stored of a token. Tokens are at least 128 random bits, so a plain hash cannot be searched through."""
    return hashlib.sha256(token.encode()).digest()


def viewer_of(account: Any) -> Viewer:
    """The viewer of a signed-in account. One statement, none where its session has just read the grants as well."""
    rows, account.grants_read = getattr(account, "grants_read", None), None
    if rows is not None:
        return _viewer(account.pk, account.person_id, str(account), rows)
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, [account.pk])
        rows = cursor.fetchall()
    return _viewer(account.pk, account.person_id, str(account), rows)


def viewer_of_token(token: str) -> Viewer | None:
    """The viewer of a live token of an active account, else None. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOKEN, [token_hash(token)])
        rows = cursor.fetchall()
    if not rows:
        return None
    account_id, person_id, name = rows[0][:3]
    return _viewer(account_id, person_id, name, [row[3:] for row in rows if row[3]])


def _viewer(account_id: UUID, person_id: UUID | None, name: str, rows: Sequence[Sequence[Any]]) -> Viewer:
    grants = tuple(Grant(Role(role), community, grid, organisation) for role, community, grid, organisation in rows)
    communities = tuple(sorted({grant.community_id for grant in grants if grant.community_id}))
    return Viewer(
        account_id=account_id, person_id=person_id, name=name, grants=grants,
        communities=communities, roles=frozenset(grant.role for grant in grants),
    )
