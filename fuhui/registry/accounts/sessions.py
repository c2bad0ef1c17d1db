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
        """The account, or None where there is none or it is not active."""
        with connection.cursor() as cursor:
            cursor.execute(_account_statement(), [user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        account = Account.from_db(connection.alias, [field.attname for field in Account._meta.concrete_fields], row)
        return account if self.user_can_authenticate(account) else None


@cache
def _account_statement() -> str:
    columns = ", ".join(f'"{field.column}"' for field in Account._meta.concrete_fields)
    return f'SELECT {columns} FROM "{Account._meta.db_table}" WHERE "id" = %s'  # noqa: S608 - our own names
