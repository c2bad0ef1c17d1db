"""What those who raised a matter see: by tracking token, by proven phone, by account; and the public page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from fuhui.domains.cases.models import Case, CasePublication, CaseReporter
from fuhui.registry.accounts.queries import token_hash
from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import NotFound

# Belongs to the owner: the community is not known before the token has been found.
_BY_TOKEN = "SELECT community_id, case_id FROM cases_case_of_token(%s)"  # noqa: S105


def case_of_token(token: str) -> tuple[UUID, UUID]:
    """Community and case of a tracking token; raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_TOKEN, [token_hash(token)])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("token_unknown", "查询链接不对或已失效。请核对链接，或用手机号查询。")
    return row[0], row[1]


def tracked_case(community_id: UUID, case_id: UUID) -> Case:
    """A case whose token or phone was proven by the caller. Raises NotFound."""
    found = (
        Case.objects.filter(community_id=community_id, pk=case_id)
        .select_related("category", "grid", "main_case")
        .first()
    )
    if found is None:
        raise NotFound("case_not_found", "没有找到这件诉求。")
    return found


def cases_of_phone(community_id: UUID, phone: str) -> QuerySet[Case]:
    """Matters raised with a phone that was proven by code, newest first. `phone` is normalised."""
    index = blind_index(phone, context="phone")
    mine = CaseReporter.objects.filter(community_id=community_id, phone_index=index).values("case_id")
    return Case.objects.filter(community_id=community_id, pk__in=mine).order_by("-id")


def cases_of_account(account_id: UUID, communities: Sequence[UUID]) -> QuerySet[Case]:
    """Matters raised with an account, newest first."""
    mine = CaseReporter.objects.filter(community_id__in=communities, account_id=account_id).values("case_id")
    return Case.objects.filter(pk__in=mine).order_by("-id")


def is_reporter(case: Case, *, phone: str = "", account_id: UUID | None = None) -> bool:
    """Whether a proven phone or an account raised this case or one merged into it."""
    who = Q(pk__in=[])
    if phone:
        who |= Q(phone_index=blind_index(phone, context="phone"))
    if account_id:
        who |= Q(account_id=account_id)
    return CaseReporter.objects.filter(
        who & (Q(case=case) | Q(case__main_case=case)), community_id=case.community_id
    ).exists()


def published_cases(community_id: UUID, *, before: UUID | None = None, limit: int = 20) -> list[CasePublication]:
    """Solved matters as confirmed for the public, newest first."""
    rows = CasePublication.objects.filter(community_id=community_id, withdrawn_at=None)
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-id")[:limit])
