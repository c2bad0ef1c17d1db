"""Reading the work-day table. Public knowledge, so no viewer is asked for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from fuhui.shared.calendar.models import Day, OwnDay, Year
from fuhui.shared.calendar.rules import WorkCalendar
from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.tenancy.scope import current
from fuhui.shared.viewers import Role, Viewer

LOOK_EVERY_SECONDS = 5.0
# The State Council usually announces the next year's days off in late October or November.
NEXT_YEAR_FROM_MONTH = 10
_STAMP = "SELECT stamp FROM calendar_version"


@dataclass
class _Kept:
    calendar: WorkCalendar | None = None
    stamp: UUID | None = None
    looked_at: float = 0.0
    own: dict[UUID, WorkCalendar] = field(default_factory=dict)


_kept = _Kept()


@dataclass(frozen=True)
class DayRow:
    """A day that differs, as shown."""

    date: date
    is_working: bool
    name: str
    source: str


def load_calendar(community_id: UUID | None = None) -> WorkCalendar:
    """The work days, kept in the process: the national ones, for a community with its own days on top.

    Whether a table has changed is asked at most every five seconds, so another process's change is known here within
    that time, this process's own at once. Own days are read in the connection's scope: a community outside of it has
    none for this reader, and nothing is kept of that.
    """
    national = _national()
    if community_id is None:
        return national
    kept = _kept.own.get(community_id)
    if kept is None:
        rows = OwnDay.objects.filter(community_id=community_id).values_list("date", "is_working", "name")
        kept = national.with_own({day: (is_working, name) for day, is_working, name in rows})
        if current().sees(community_id):
            _kept.own[community_id] = kept
    return kept


def _national() -> WorkCalendar:
    now = time.monotonic()
    if _kept.calendar is not None and now - _kept.looked_at < LOOK_EVERY_SECONDS:
        return _kept.calendar
    stamp = _stamp()
    if _kept.calendar is None or stamp != _kept.stamp:
        _kept.calendar, _kept.stamp, _kept.own = _read(), stamp, {}
    _kept.looked_at = now
    return _kept.calendar


def forget_calendar() -> None:
    """The next reading asks the table again."""
    _kept.looked_at = float("-inf")


def published_years() -> frozenset[int]:
    """The years whose days off are known."""
    return load_calendar().published_years


def days_of_year(year: int) -> list[DayRow]:
    """The days of a year that differ, in order."""
    fields = ("date", "is_working", "name", "source")
    return [DayRow(*row) for row in Day.objects.filter(date__year=year).values_list(*fields)]


def own_days_of(viewer: Viewer, community_id: UUID, year: int) -> list[DayRow]:
    """The days of a year that a community in the viewer's scope has set for itself, in order. One statement."""
    if not viewer.sees(community_id):
        return []
    found = OwnDay.objects.filter(community_id=community_id, date__year=year)
    return [DayRow(one.date, one.is_working, one.name, "") for one in found]


def source_of_year(year: int) -> str:
    """Where the days off of a year come from; empty for a year that is not known."""
    return Year.objects.filter(year=year, published=True).values_list("source", flat=True).first() or ""


def warnings_for(now: datetime) -> list[str]:
    """What staff should know about the table at `now`: this year's days missing, or from October the next year's."""
    today = timezone.localdate(now)
    wanted = [today.year, *([today.year + 1] if today.month >= NEXT_YEAR_FROM_MONTH else [])]
    known = published_years()
    return [
        f"{year}年放假安排未录入，期限按普通周末推算。国务院公布后（一般在 11 月），请在“工作日表”录入。"
        for year in wanted
        if year not in known
    ]


def may_edit_calendar(viewer: Viewer) -> Decision:
    """Only the operator keeps the national table, because it holds for every community of the installation."""
    if viewer.is_system or viewer.has(Role.OPERATOR):
        return ALLOWED
    return refuse("calendar.edit", "全国工作日表由系统管理员维护；发现有误请告诉他们。本社区另外的安排由社区书记录入。")


def may_edit_own_days(viewer: Viewer, community_id: UUID) -> Decision:
    """A community's secretary says on which days it is closed or makes up for; the operator may help."""
    inside = viewer.sees(community_id) and (viewer.is_system or viewer.has(Role.OPERATOR))
    if inside or viewer.has(Role.SECRETARY, community_id=community_id):
        return ALLOWED
    return refuse("calendar.own", "本社区的工作日安排由社区书记录入；发现有误请告诉书记。")


def _stamp() -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        found: UUID = cursor.fetchone()[0]
    return found


def _read() -> WorkCalendar:
    rows = list(Day.objects.values_list("date", "is_working", "name"))
    return WorkCalendar(
        days={day: is_working for day, is_working, _ in rows},
        published_years=frozenset(Year.objects.filter(published=True).values_list("year", flat=True)),
        names={day: name for day, _, name in rows if name},
    )
