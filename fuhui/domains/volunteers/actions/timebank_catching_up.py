"""Storing services that were in the book before the time bank took them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.timebank import credit_service, require_open
from fuhui.domains.volunteers.queries.timebank import settings_of
from fuhui.domains.volunteers.queries.timebank_older import not_stored
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed
from fuhui.shared.rows import take_turn
from fuhui.shared.viewers import Role, Viewer

AT_ONCE = 100  # records of one transaction


@dataclass(frozen=True)
class CaughtUp:
    """Records that were stored by one call, and how many are left."""

    records: int
    left: int


@transaction.atomic
def catch_up(*, by: Viewer, community_id: UUID, since: date) -> CaughtUp:
    """Stores the oldest of the standing services since a day that are not stored yet, at most a hundred, by today's
    rules: kinds, rate, cap. By the secretary. What is stored already stays as it is, so it may be called again.

    Raises BadInput for a day to come, NotAllowed, RuleBroken while the bank is closed.
    """
    if not by.sees(community_id) or not (by.is_system or by.has(Role.SECRETARY, community_id=community_id)):
        raise NotAllowed("bank_catch_up", "补存以前的服务由社区书记决定。")
    require_open(community_id)
    if since > timezone.localdate():
        raise BadInput("since", "请选今天或以前的日子。", field="since")
    take_turn("volunteers_bank_catch_up", community_id)
    found = not_stored(settings_of(community_id), since)
    rows = list(found.values_list("pk", flat=True)[:AT_ONCE])
    for record in rows:
        credit_service(by=by, record_id=record)
    if rows:
        audit.record("volunteers.bank_catch_up", by=by, community_id=community_id, subject="bank",
                     subject_id=community_id, data={"since": since.isoformat(), "records": len(rows)})
    return CaughtUp(len(rows), found.count())
