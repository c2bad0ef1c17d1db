"""My day: what is late, what is due, who waits for me. Three statements for the cases of a whole community."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from fuhui.domains.cases.models import CaseExtension, CaseObjection
from fuhui.domains.cases.queries.queue import COLUMNS, cases_for
from fuhui.domains.cases.rules.states import OPEN, PAUSED, State
from fuhui.shared.viewers import Role, Viewer

AT_ONCE = 12
ACTING = sorted(OPEN - PAUSED)


@dataclass(frozen=True)
class Day:
    """The first screen: counts that open, and the matters to act on first."""

    counts: dict[str, int] = field(default_factory=dict)
    first: list[dict[str, Any]] = field(default_factory=list)
    approvals: list[dict[str, Any]] = field(default_factory=list)


def my_day(viewer: Viewer, community_id: UUID, now: datetime) -> Day:
    """What somebody of the community's desk has to do now: theirs first, then what nobody has."""
    mine = cases_for(viewer).filter(community_id=community_id)
    acting = mine.filter(state__in=ACTING)
    counts = mine.filter(is_open=True).aggregate(
        late=Count("id", filter=Q(state__in=ACTING, due_at__lt=now)),
        today=Count("id", filter=Q(state__in=ACTING, due_at__gte=now, due_at__lt=now + timedelta(hours=24))),
        new=Count("id", filter=Q(state=State.SUBMITTED)),
        unassigned=Count("id", filter=Q(state__in=ACTING, handler_account_id=None, handler_organisation_id=None)),
        waiting=Count("id", filter=Q(state__in=sorted(PAUSED))),
        escalated=Count("id", filter=Q(state=State.ESCALATED)),
        check=Count("id", filter=Q(state__in=[State.CHECKING, State.CALL_BACK])),
        supervised=Count("id", filter=Q(is_supervised=True)),
        open=Count("id"),
    )
    first = list(acting.order_by("due_at", "id").values(*COLUMNS)[:AT_ONCE])
    return Day(counts, first, _approvals(viewer, community_id))


def my_matters(viewer: Viewer, communities: tuple[UUID, ...], limit: int = 5) -> list[dict[str, Any]]:
    """What a resident raised with this account, newest first."""
    rows = cases_for(viewer).filter(community_id__in=communities).order_by("-id")
    return list(rows.values(*COLUMNS)[:limit])


def _approvals(viewer: Viewer, community_id: UUID) -> list[dict[str, Any]]:
    """Extensions and objections that wait for the secretary, one statement."""
    if not viewer.has(Role.SECRETARY, community_id=community_id):
        return []
    here = {"case": OuterRef("pk"), "community_id": OuterRef("community_id")}
    extension = Exists(CaseExtension.objects.filter(state="asked", **here))
    objection = Exists(CaseObjection.objects.filter(is_upheld=None, **here))
    rows = (
        cases_for(viewer)
        .filter(community_id=community_id, is_open=True)
        .annotate(asks_extension=extension, asks_objection=objection)
        .filter(Q(asks_extension=True) | Q(asks_objection=True))
    )
    return list(rows.order_by("due_at", "id").values(*COLUMNS, "asks_extension")[:AT_ONCE])
