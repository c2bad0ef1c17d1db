"""Running the self-checks of a community, keeping what they found, telling the secretary."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from fuhui.registry.accounts.queries.staff import accounts_in_role
from fuhui.registry.ledger.checks import Check, all_checks, look
from fuhui.registry.ledger.models import CheckResult
from fuhui.registry.ledger.permissions import may_check
from fuhui.shared import audit
from fuhui.shared.messages import send
from fuhui.shared.viewers import Role, Viewer


@transaction.atomic
def run_checks(*, by: Viewer, community_id: UUID) -> list[CheckResult]:
    """Asks every registered check, keeps each answer, and tells the secretaries once a day where something disagrees.

    Returns the results in the order of the checks.
    """
    may_check(by, community_id).require()
    results = []
    wrong: list[Check] = []
    for check in all_checks():
        found = look(check, community_id)
        results.append(CheckResult(community_id=community_id, name=check.name, found=found.found, rows=found.rows))
        wrong += [check] if found.found else []
    CheckResult.objects.bulk_create(results)
    audit.record("ledger.check", by=by, community_id=community_id, subject="service_book",
                 data={row.name: row.found for row in results})
    if wrong:
        _alarm(community_id, wrong)
    return results


def _alarm(community_id: UUID, wrong: list[Check]) -> None:
    today = timezone.localdate()
    names = hashlib.sha256(",".join(sorted(check.name for check in wrong)).encode()).hexdigest()[:16]
    for account in accounts_in_role(community_id, Role.SECRETARY):
        send(
            community_id=community_id, kind="ledger.check", to_account=account, title="服务台账自查发现不一致",
            body="；".join(f"{check.title}——没有通过。{check.advice}" for check in wrong),
            link=reverse("ledger:checks"), dedupe_key=f"ledger.check:{today}:{account}:{names}",
        )
