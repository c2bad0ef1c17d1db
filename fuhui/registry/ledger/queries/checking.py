"""What the self-checks found last."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from fuhui.registry.ledger.checks import Check, all_checks
from fuhui.registry.ledger.models import CheckResult
from fuhui.registry.ledger.queries.records import require_reader
from fuhui.shared.viewers import Viewer


class Checked(NamedTuple):
    """A check and its last result, None where it has not run yet."""

    check: Check
    result: CheckResult | None


def last_results(viewer: Viewer, community_id: UUID) -> list[Checked]:
    """Every registered check with its last result. Refused where the viewer may not read the book."""
    require_reader(viewer, community_id)
    latest = {
        row.name: row
        for row in CheckResult.objects.filter(community_id=community_id)
        .order_by("community_id", "name", "-at").distinct("community_id", "name")
    }
    return [Checked(check, latest.get(check.name)) for check in all_checks()]
