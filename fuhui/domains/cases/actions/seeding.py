"""What a community starts with: the default categories, and the default clocks switched on."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.cases.models import CaseCategory, ClockRow
from fuhui.domains.cases.permissions import may_edit_rules
from fuhui.domains.cases.queries.rulebook import forget_rulebook
from fuhui.domains.cases.rules.categories import DEFAULT_CATEGORIES, Row
from fuhui.domains.cases.rules.clocks import DEFAULT_CLOCKS
from fuhui.shared import audit
from fuhui.shared.viewers import Viewer


@transaction.atomic
def seed_defaults(*, by: Viewer, community_id: UUID) -> int:
    """Adds the default categories and clocks that are missing; changes none that exist. Returns how many it added."""
    if not by.is_system:
        may_edit_rules(by, community_id).require()
    added = _seed_categories(community_id) + _seed_clocks(by, community_id)
    if added:
        forget_rulebook(community_id)
        audit.record("cases.seed_defaults", by=by, community_id=community_id, subject="rulebook", data={"added": added})
    return added


def _seed_categories(community_id: UUID) -> int:
    known = dict(CaseCategory.objects.filter(community_id=community_id).values_list("code", "id"))
    added = 0
    for position, (row, children) in enumerate(DEFAULT_CATEGORIES.items()):
        if row.code not in known:
            known[row.code] = _add(community_id, row, position * 100, None).id
            added += 1
        fresh = [child for child in children if child.code not in known]
        for offset, child in enumerate(fresh, 1):
            _add(community_id, child, position * 100 + offset, known[row.code])
        added += len(fresh)
    return added


def _add(community_id: UUID, row: Row, position: int, parent_id: UUID | None) -> CaseCategory:
    return CaseCategory.objects.create(
        community_id=community_id,
        code=row.code,
        name=row.name,
        city_code=row.city_code,
        parent_id=parent_id,
        default_priority=row.priority or "",
        position=position,
    )


def _seed_clocks(by: Viewer, community_id: UUID) -> int:
    known = set(
        ClockRow.objects.filter(community_id=community_id, state="active", category_code="").values_list(
            "priority", flat=True
        )
    )
    missing = [clock for clock in DEFAULT_CLOCKS if clock.priority not in known]
    ClockRow.objects.bulk_create(
        [
            ClockRow(
                community_id=community_id,
                state="active",
                priority=clock.priority,
                reply_amount=clock.reply.amount,
                reply_unit=clock.reply.unit,
                close_amount=clock.close.amount,
                close_unit=clock.close.unit,
                pace=clock.pace,
                created_by=by.actor,
                tried_at=timezone.now(),
                dry_run={"default": True},
            )
            for clock in missing
        ]
    )
    return len(missing)
