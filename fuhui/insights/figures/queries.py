"""Figures of cases: each opens as exactly the records it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from fuhui.domains.cases.queries.queue import COLUMNS, cases_for
from fuhui.domains.cases.queries.rates import Period, cases_behind, rates, rates_by_community
from fuhui.domains.cases.rules.rates import Rate
from fuhui.domains.cases.rules.states import State
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer

ZONE = ZoneInfo("Asia/Shanghai")
# figure → (numerator, denominator) as the cases room names them
PARTS = {
    "response": ("responded", "response_due"),
    "solution": ("solved", "solution_due"),
    "satisfaction": ("satisfied", "satisfaction_due"),
}
COUNTS = ("open", "late", "escalated", "unassigned", "received")


@dataclass(frozen=True)
class Figure:
    """name + definition in words + numerator + denominator, for a period, as of a moment."""

    key: str
    rate: Rate
    before: Rate | None = None

    @property
    def percent(self) -> str:
        """One decimal, or a dash where nothing is judged."""
        return "—" if self.rate.share is None else f"{self.rate.share * 100:.1f}"

    @property
    def trend(self) -> float | None:
        """Percentage points against the period before."""
        if self.rate.share is None or self.before is None or self.before.share is None:
            return None
        return round((self.rate.share - self.before.share) * 100, 1)


def week_of(now: datetime, weeks_ago: int = 0) -> Period:
    """Monday to Monday in Shanghai, judged as of `now`."""
    today = now.astimezone(ZONE).date()
    monday = today - timedelta(days=today.weekday() + 7 * weeks_ago)
    return Period(_start(monday), _start(monday + timedelta(days=7)), now)


def days_back(now: datetime, days: int) -> Period:
    """The last so many days up to now."""
    return Period(now - timedelta(days=days), now + timedelta(seconds=1), now)


def figures(
    viewer: Viewer, communities: Sequence[UUID], period: Period, *, grid_id: UUID | None = None, compare: bool = True
) -> list[Figure]:
    """The three rates, with the same span before for the trend. Two statements."""
    now_rates = rates(viewer, communities, period, grid_id=grid_id)
    span = period.end - period.begin
    earlier = Period(period.begin - span, period.begin, period.now)
    before: list[Rate | None] = list(rates(viewer, communities, earlier, grid_id=grid_id)) if compare else [None] * 3
    return [Figure(key, rate, old) for key, rate, old in zip(PARTS, now_rates, before, strict=True)]


def figures_by_community(viewer: Viewer, communities: Sequence[UUID], period: Period) -> dict[UUID, list[Figure]]:
    """The three rates of each community, in one statement."""
    return {
        community: [Figure(key, rate) for key, rate in zip(PARTS, found, strict=True)]
        for community, found in rates_by_community(viewer, communities, period).items()
    }


def records_behind(
    viewer: Viewer, communities: Sequence[UUID], period: Period, key: str, part: str, *, grid_id: UUID | None = None
) -> list[dict[str, Any]]:
    """The cases that a figure's numerator or denominator counts; raises NotFound for an unknown figure."""
    if key not in PARTS or part not in {"numerator", "denominator"}:
        raise NotFound("unknown_figure", "没有这个数字。")
    name = PARTS[key][0 if part == "numerator" else 1]
    return list(cases_behind(viewer, communities, period, name, grid_id=grid_id).values(*COLUMNS))


def counts_by_community(viewer: Viewer, communities: Sequence[UUID], now: datetime) -> dict[UUID, dict[str, int]]:
    """Open, late, escalated, unassigned and received this week, per community, in one statement."""
    week = week_of(now)
    rows = (
        cases_for(viewer)
        .filter(community_id__in=list(communities))
        .filter(Q(is_open=True) | Q(received_at__gte=week.begin))
        .order_by()
        .values("community_id")
        .annotate(
            open=Count("id", filter=Q(is_open=True)),
            late=Count("id", filter=Q(is_open=True, due_at__lt=now)),
            escalated=Count("id", filter=Q(state=State.ESCALATED)),
            unassigned=Count("id", filter=Q(is_open=True, handler_account_id=None, handler_organisation_id=None)),
            received=Count("id", filter=Q(received_at__gte=week.begin)),
        )
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    return {row["community_id"]: {name: row[name] for name in COUNTS} for row in found}


def received_by_day(viewer: Viewer, communities: Sequence[UUID], period: Period) -> list[list[Any]]:
    """Day, received, closed: rows of a chart, every day of the period present."""
    days: dict[Any, list[int]] = {}
    first, last = period.begin.astimezone(ZONE).date(), min(period.end, period.now).astimezone(ZONE).date()
    while first <= last:
        days[first] = [0, 0]
        first += timedelta(days=1)
    rows = cases_for(viewer).filter(community_id__in=list(communities))
    for position, field in enumerate(("received_at", "ended_at")):
        counted = rows.filter(**{f"{field}__gte": period.begin, f"{field}__lt": period.end}).order_by()
        for row in counted.values(f"{field}__date").annotate(count=Count("id")):
            if row[f"{field}__date"] in days:
                days[row[f"{field}__date"]][position] = row["count"]
    return [[f"{day.month}月{day.day}日", *counts] for day, counts in days.items()]


def by_category(viewer: Viewer, communities: Sequence[UUID], period: Period) -> list[list[Any]]:
    """First-level category and count, most frequent first: which matters come back (未诉先办)."""
    rows = (
        cases_for(viewer)
        .filter(community_id__in=list(communities), received_at__gte=period.begin, received_at__lt=period.end)
        .order_by()
        .values("category__name", "category__parent__name")
        .annotate(count=Count("id"))
    )
    sums: dict[str, int] = {}
    for row in rows:
        name = row["category__parent__name"] or row["category__name"]
        sums[name] = sums.get(name, 0) + row["count"]
    return [[name, count] for name, count in sorted(sums.items(), key=lambda pair: -pair[1])]


def _start(day: Any) -> datetime:
    return datetime.combine(day, time(), ZONE)
