"""Sessions and their accounts by two statements that are written once: they are read with every page."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import connection
from django.utils import timezone

from fuhui.registry.accounts.models import Account

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, read without its query builder."""

    def _get_session_from_db(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(_SESSION, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        return SimpleNamespace(session_data=row[0])


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's way to sign in; the account of a session is read without the query builder."""

    def get_user(self, user_id: UUID) -> Account | None:
        """The account with its grants, or None where there is none or it is not active."""
        with connection.cursor() as cursor:
            cursor.execute(_account_statement(), [user_id])
            rows = cursor.fetchall()
        if not rows:
            return None
        names = _account_names()
        account = Account.from_db(connection.alias, names, rows[0][: len(names)])
        account.grants_read = [  # type: ignore[attr-defined]
            row[len(names) :] for row in rows if row[len(names)]
        ]
        return account if self.user_can_authenticate(account) else None


@cache
def _account_names() -> list[str]:
    return [field.attname for field in Account._meta.concrete_fields]


@cache
def _account_statement() -> str:
    columns = ", ".join(f'a."{field.column}"' for field in Account._meta.concrete_fields)
    return (
        f"SELECT {columns}, g.role, g.community_id, g.grid_id, g.organisation_id"  # noqa: S608 - our own names
        f' FROM "{Account._meta.db_table}" a LEFT JOIN LATERAL accounts_grants_of(a.id) g ON true WHERE a.id = %s'
    )
