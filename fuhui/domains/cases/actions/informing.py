"""What reporters and workers are told. Only rows are written here; sending is a job."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from fuhui.domains.cases.models import Case, CaseHandler, CaseReporter
from fuhui.domains.cases.queries.settings import community_code
from fuhui.shared.messages import send
from fuhui.shared.prepared import PreparedQuery

PAGE = "/cases/{id}/"


def reporters_of(case: Case) -> Iterable[CaseReporter]:
    """Everyone who raised the matter: of the case and of those merged into it, once per account or phone."""
    seen: set[object] = set()
    for reporter in _raised(case.community_id).rows(case.id):
        key = reporter.account_id or (bytes(reporter.phone_index) if reporter.phone_index else None)
        if key is None or key not in seen:
            seen.add(key)
            yield reporter


@lru_cache(maxsize=256)
def _raised(community_id: UUID) -> PreparedQuery[CaseReporter]:
    rows = CaseReporter.objects.filter(community_id=community_id).order_by("id")
    return PreparedQuery(lambda case_id: rows.filter(Q(case=case_id) | Q(case__main_case=case_id)))


def inform_reporters(case: Case, *, title: str, body: str, but: UUID | None = None) -> int:
    """One message for each reporter who can be reached; returns how many. `but`: an account not to tell."""
    told = 0
    for reporter in reporters_of(case):
        if reporter.account_id == but and but is not None:
            continue
        if reporter.account_id is None and not reporter.phone:
            continue
        send(
            community_id=case.community_id,
            to_account=reporter.account_id,
            to_phone=None if reporter.account_id else reporter.phone,
            kind="case",
            title=title,
            body=f"{case.number} {case.title}：{body}",
            link=f"/my/{case.id}/" if reporter.account_id else f"/find/{community_code(case.community_id)}/{case.id}/",
        )
        told += 1
    return told


def inform_handlers(case: Case, *, title: str, body: str, dedupe: str = "") -> None:
    """A message for the accounts at work on the case."""
    accounts = set(
        CaseHandler.objects.filter(
            community_id=case.community_id, case=case, until=None, account_id__isnull=False
        ).values_list("account_id", flat=True)
    )
    inform_accounts(case, sorted(account for account in accounts if account), title=title, body=body, dedupe=dedupe)


def inform_accounts(case: Case, accounts: Iterable[UUID], *, title: str, body: str, dedupe: str = "") -> None:
    """A message for each account; `dedupe` keeps the same message from being written twice."""
    for account_id in accounts:
        send(
            community_id=case.community_id,
            to_account=account_id,
            to_phone=None,
            kind="case",
            title=title,
            body=f"{case.number} {case.title}：{body}",
            link=PAGE.format(id=case.id),
            dedupe_key=f"{dedupe}:{case.id}:{account_id}" if dedupe else None,
        )
