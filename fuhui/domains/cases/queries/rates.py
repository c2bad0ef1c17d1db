"""Response, solution and satisfaction rates, each with its numerator and denominator as lists that open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from fuhui.domains.cases.models import Case, CaseRating
from fuhui.domains.cases.queries.queue import cases_for
from fuhui.domains.cases.rules.rates import RESPONSE, SATISFACTION, SOLUTION, Rate
from fuhui.domains.cases.rules.states import State
from fuhui.shared.viewers import Viewer

# Refused and merged cases are judged nowhere: the first is not the community's, the second counts with its main case.
LEFT_OUT = [State.REFUSED, State.MERGED]


@dataclass(frozen=True)
class Period:
    """Cases received in [begin, end), judged as of `now`."""

    begin: datetime
    end: datetime
    now: datetime


def rates(viewer: Viewer, communities: Sequence[UUID], period: Period, *, grid_id: UUID | None = None) -> list[Rate]:
    """The three rates over the communities, in one statement."""
    judged = _judged(viewer, communities, period, grid_id)
    counts = judged.aggregate(
        **{name: Count("id", filter=condition) for name, condition in _conditions(period.now).items()}
    )
    return [
        Rate(*RESPONSE, counts["responded"], counts["response_due"]),
        Rate(*SOLUTION, counts["solved"], counts["solution_due"]),
        Rate(*SATISFACTION, counts["satisfied"], counts["satisfaction_due"]),
    ]


def rates_by_community(viewer: Viewer, communities: Sequence[UUID], period: Period) -> dict[UUID, list[Rate]]:
    """The three rates of each community, in one statement."""
    rows = (
        _judged(viewer, communities, period, None)
        .order_by()
        .values("community_id")
        .annotate(**{name: Count("id", filter=condition) for name, condition in _conditions(period.now).items()})
    )
    counted: list[dict[str, Any]] = [dict(row) for row in rows]
    return {
        row["community_id"]: [
            Rate(*RESPONSE, row["responded"], row["response_due"]),
            Rate(*SOLUTION, row["solved"], row["solution_due"]),
            Rate(*SATISFACTION, row["satisfied"], row["satisfaction_due"]),
        ]
        for row in counted
    }


def cases_behind(
    viewer: Viewer, communities: Sequence[UUID], period: Period, part: str, *, grid_id: UUID | None = None
) -> QuerySet[Case]:
    """The cases that one numerator or denominator counts: exactly as many as the figure says.

    `part` is responded, response_due, solved, solution_due, satisfied or satisfaction_due; raises KeyError otherwise.
    """
    return _judged(viewer, communities, period, grid_id).filter(_conditions(period.now)[part]).order_by("-id")


def _judged(viewer: Viewer, communities: Sequence[UUID], period: Period, grid_id: UUID | None) -> QuerySet[Case]:
    last = CaseRating.objects.filter(case=OuterRef("pk"), community_id=OuterRef("community_id"), reached=True).order_by(
        "-id"
    )
    rows = (
        cases_for(viewer)
        .filter(community_id__in=list(communities), received_at__gte=period.begin, received_at__lt=period.end)
        .exclude(state__in=LEFT_OUT)
    )
    if grid_id:
        rows = rows.filter(grid_id=grid_id)
    return rows.annotate(
        said_solved=Subquery(last.values("is_solved")[:1]), said=Subquery(last.values("satisfaction")[:1])
    )


def _conditions(now: datetime) -> dict[str, Q]:
    # Work that is done and waits to be checked or called back is not late any more.
    late_and_open = Q(is_open=True, solved_at__isnull=True, close_due_at__lt=now)
    called_back = Q(said_solved__isnull=False)
    replied = Q(replied_at__isnull=False)
    return {
        "responded": replied & Q(replied_at__lte=F("reply_due_at")),
        "response_due": replied | Q(reply_due_at__lt=now),
        "solved": Q(said_solved=True) & ~late_and_open,
        "solution_due": called_back | late_and_open,
        "satisfied": Q(said__in=["very", "fairly"]) & ~late_and_open,
        "satisfaction_due": called_back | late_and_open,
    }
