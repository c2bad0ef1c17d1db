"""The community's categories and active rules, kept in the process for a few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from fuhui.domains.cases.models import CaseCategory, ClockRow, PriorityRule, RoutingRule
from fuhui.domains.cases.models.rulebook import ConditionRow
from fuhui.domains.cases.rules.clocks import DEFAULT_CLOCKS, Clock, Limit, Pace, Priority, Unit
from fuhui.domains.cases.rules.conditions import Condition

KEEP_SECONDS = 5.0


@dataclass(frozen=True)
class Category:
    """A category with its level-1 code (its own when it is level 1)."""

    id: UUID
    code: str
    name: str
    parent_id: UUID | None
    default_priority: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Routing:
    """An active routing rule."""

    id: UUID
    name: str
    condition: Condition
    to_grid_worker: bool
    account_id: UUID | None
    organisation_id: UUID | None


@dataclass(frozen=True)
class Prioritising:
    """An active priority rule."""

    id: UUID
    name: str
    condition: Condition
    priority: Priority


@dataclass(frozen=True)
class Rulebook:
    """Everything intake needs to sort a case."""

    categories: dict[str, Category]
    by_id: dict[UUID, Category]
    routing: tuple[Routing, ...]
    priorities: tuple[Prioritising, ...]
    clocks: tuple[Clock, ...]


_kept: dict[UUID, tuple[float, Rulebook]] = {}


def rulebook(community_id: UUID, *, fresh: bool = False) -> Rulebook:
    """The active rules of a community inside the connection's scope; at most 5 s old unless `fresh`."""
    now = time.monotonic()
    kept = _kept.get(community_id)
    if kept and not fresh and now - kept[0] < KEEP_SECONDS:
        return kept[1]
    book = _load(community_id)
    if book.categories:
        _kept[community_id] = (now, book)
    return book


def forget_rulebook(community_id: UUID) -> None:
    """Drops the kept copy of this process, after a change."""
    _kept.pop(community_id, None)


def condition_of(row: ConditionRow) -> Condition:
    """The pure condition of a stored rule."""
    return Condition(
        grid_ids=frozenset(row.grid_ids),
        building_ids=frozenset(row.building_ids),
        category_codes=frozenset(row.category_codes),
        weekdays=frozenset(row.weekdays),
        time_from=row.time_from,
        time_to=row.time_to,
        words=tuple(row.words),
    )


def clock_of(row: ClockRow) -> Clock:
    """The pure clock of a stored row."""
    return Clock(
        Priority(row.priority),
        Limit(row.reply_amount, Unit(row.reply_unit)),
        Limit(row.close_amount, Unit(row.close_unit)),
        Pace(row.pace),
        row.category_code,
    )


def _load(community_id: UUID) -> Rulebook:
    rows = list(CaseCategory.objects.filter(community_id=community_id, is_active=True))
    codes = {row.id: row.code for row in rows}
    by_id = {
        row.id: Category(
            row.id,
            row.code,
            row.name,
            row.parent_id,
            row.default_priority,
            (row.code, codes[row.parent_id]) if row.parent_id in codes else (row.code,),
        )
        for row in rows
    }
    active = {"community_id": community_id, "state": "active"}
    clocks = tuple(clock_of(row) for row in ClockRow.objects.filter(**active))
    return Rulebook(
        categories={category.code: category for category in by_id.values()},
        by_id=by_id,
        routing=tuple(
            Routing(row.id, row.name, condition_of(row), row.to_grid_worker, row.account_id, row.organisation_id)
            for row in RoutingRule.objects.filter(**active)
        ),
        priorities=tuple(
            Prioritising(row.id, row.name, condition_of(row), Priority(row.priority))
            for row in PriorityRule.objects.filter(**active)
        ),
        clocks=clocks or DEFAULT_CLOCKS,
    )
