"""Stars, merits and certificates as they are shown."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from fuhui.domains.volunteers.models import Certificate, Merit, StarLevel
from fuhui.domains.volunteers.queries.volunteers import volunteers_for
from fuhui.domains.volunteers.rules.certificates import DEFAULT_STARS
from fuhui.registry.accounts.queries import token_hash
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer


class Proof(NamedTuple):
    """What everybody with the token learns of a certificate."""

    number: str
    name: str
    issued_at: datetime
    revoked_at: datetime | None
    community: str


def star_table(community_id: UUID) -> dict[int, int]:
    """Hours for each number of stars: the community's own, or the usual ones."""
    own = dict(StarLevel.objects.filter(community_id=community_id).values_list("stars", "hours"))
    return own or dict(DEFAULT_STARS)


def certificates_for(viewer: Viewer, volunteer_id: UUID) -> list[Certificate]:
    """A volunteer's certificates, newest first, for who sees the registration."""
    seen = volunteers_for(viewer).filter(pk=volunteer_id).values("pk")
    return list(Certificate.objects.filter(volunteer__in=seen))


def certificate_for(viewer: Viewer, certificate_id: UUID) -> Certificate:
    """One of them. Raises NotFound."""
    found = Certificate.objects.filter(volunteer__in=volunteers_for(viewer).values("pk"), pk=certificate_id).first()
    if found is None:
        raise NotFound("certificate", "没有找到这份证明，或它不在您的权限范围内。")
    return found


def merits_of(viewer: Viewer, volunteer_id: UUID) -> list[Merit]:
    """A volunteer's trainings and praises, latest first, for who sees the registration."""
    return list(Merit.objects.filter(volunteer__in=volunteers_for(viewer).filter(pk=volunteer_id).values("pk")))


def proof_of(token: str) -> Proof:
    """What the token of a certificate shows. Raises NotFound for a token that was never given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, name, issued_at, revoked_at, community FROM volunteers_certificate_of_token(%s)",
                       [token_hash(token)])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("certificate", "没有这份证明。请核对码是否完整；纸上的证明编号可以打社区电话核对。")
    return Proof(*row)
