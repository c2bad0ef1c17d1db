"""A rule tried on past cases: what it would have changed. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from fuhui.domains.cases.actions.handling import Worker, worker_name
from fuhui.domains.cases.models import Case, ClockRow, PriorityRule, RoutingRule
from fuhui.domains.cases.queries.rulebook import Rulebook, clock_of, condition_of, rulebook
from fuhui.domains.cases.queries.settings import working_periods
from fuhui.domains.cases.rules.clocks import PRIORITY_NAMES, Priority
from fuhui.domains.cases.rules.conditions import Matter
from fuhui.domains.cases.rules.deadlines import deadlines
from fuhui.registry.accounts.queries.staff import workers_of_grid
from fuhui.shared.calendar.queries import load_calendar
from fuhui.shared.ui.format import when


@dataclass(frozen=True)
class Change:
    """One case that the rule applies to: what is and what would have been, in words."""

    case_id: UUID
    number: str
    title: str
    before: str
    after: str


def trial_of(
    rule: RoutingRule | PriorityRule | ClockRow, kind: str, community_id: UUID, *, since: datetime, now: datetime
) -> tuple[int, list[Change]]:
    """How many cases were looked at, and those the rule applies to."""
    cases = list(
        Case.objects.filter(community_id=community_id, received_at__gte=since, received_at__lte=now).order_by("-id")
    )
    book = rulebook(community_id, fresh=True)
    if isinstance(rule, ClockRow):
        return len(cases), [_by_clock(rule, case, community_id) for case in cases if _has_clock(rule, case, book)]
    condition = condition_of(rule)
    hits = [case for case in cases if condition.holds(_matter(case, book))]
    if isinstance(rule, PriorityRule):
        return len(cases), [
            _change(case, PRIORITY_NAMES[Priority(case.priority)], PRIORITY_NAMES[Priority(rule.priority)])
            for case in hits
        ]
    return len(cases), [_change(case, case.handler_name or "未派单", _target(rule, case)) for case in hits]


def _matter(case: Case, book: Rulebook) -> Matter:
    category = book.by_id.get(case.category_id)
    return Matter(
        timezone.localtime(case.received_at),
        category.codes if category else (),
        case.grid_id,
        case.building_id,
        case.text,
        case.priority,
    )


def _target(rule: RoutingRule, case: Case) -> str:
    if rule.to_grid_worker:
        workers = workers_of_grid(case.community_id, case.grid_id) if case.grid_id else []
        return workers[0][1] if workers else "未派单（该网格没有网格员）"
    return worker_name(case.community_id, Worker(rule.account_id, rule.organisation_id))


def _has_clock(rule: ClockRow, case: Case, book: Rulebook) -> bool:
    category = book.by_id.get(case.category_id)
    codes = category.codes if category else ()
    return case.priority == rule.priority and (not rule.category_code or rule.category_code in codes)


def _by_clock(rule: ClockRow, case: Case, community_id: UUID) -> Change:
    dates = deadlines(
        timezone.localtime(case.received_at),
        clock_of(rule),
        calendar=load_calendar(community_id),
        periods=working_periods(community_id),
    )
    return _change(case, when(case.close_due_at), when(dates.close.due))


def _change(case: Case, before: str, after: str) -> Change:
    return Change(case.id, case.number, case.title, before, after)
