"""Who must have a second factor and who has one."""

from __future__ import annotations

import time
from uuid import UUID

from django.conf import settings

from fuhui.registry.accounts.rules import STAFF_ROLES
from fuhui.registry.places.queries import open_communities
from fuhui.shared.viewers import Viewer

SETTING = "staff_second_factor"
_REMEMBER_SECONDS = 10.0
_remembered: tuple[float, frozenset[UUID]] = (float("-inf"), frozenset())


def communities_requiring_factor() -> frozenset[UUID]:
    """Communities whose own switch asks their staff for a second factor; known for ten seconds per process."""
    global _remembered
    now = time.monotonic()
    if now - _remembered[0] > _REMEMBER_SECONDS:
        found = open_communities().filter(**{f"settings__{SETTING}": True}).values_list("pk", flat=True)
        _remembered = (now, frozenset(found))
    return _remembered[1]


def forget_second_factor() -> None:
    """Asks the database again at the next request."""
    global _remembered
    _remembered = (float("-inf"), frozenset())


def lacks_second_factor(viewer: Viewer) -> bool:
    """True for staff who must have a second factor, by the installation or by one of their communities, and have none.

    Staff is judged by role per community: who is a resident in a strict community is not asked.
    """
    if viewer.account_id is None or not viewer.roles & STAFF_ROLES or not _must(viewer):
        return False
    return not has_second_factor(viewer.account_id)


def has_second_factor(account_id: UUID) -> bool:
    """True for an account with an authenticator app or a passkey. One statement."""
    from allauth.mfa.models import Authenticator

    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=kinds).exists())


def _must(viewer: Viewer) -> bool:
    if settings.STAFF_SECOND_FACTOR:
        return True
    strict = communities_requiring_factor()
    return any(grant.role in STAFF_ROLES and grant.community_id in strict for grant in viewer.grants)
