"""Sorting a matter at intake: what it is, where, how urgent, by when, who gets it, what it repeats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from fuhui import triage
from fuhui.domains.cases.queries.rulebook import Category, Rulebook, rulebook
from fuhui.domains.cases.queries.settings import working_periods
from fuhui.domains.cases.rules.clocks import Clock, Priority, clock_for
from fuhui.domains.cases.rules.conditions import Matter, first_match
from fuhui.domains.cases.rules.deadlines import Deadlines, deadlines
from fuhui.registry.accounts.queries.staff import staff_member, workers_of_grid
from fuhui.registry.organisations.queries import handling_organisation
from fuhui.registry.places.queries import building_grid, grid_of_point, locate
from fuhui.shared.calendar.queries import load_calendar
from fuhui.shared.errors import BadInput

if TYPE_CHECKING:
    from fuhui.domains.cases.actions.intake import CaseInput

@dataclass(frozen=True)
class Chosen:
    """Who a routing rule gives the case to."""

    name: str
    rule: str
    account_id: UUID | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True)
class Sorted:
    """Everything intake found out about a matter."""

    understanding: triage.Understanding
    category: Category
    priority: Priority
    is_urgent: bool
    received_at: datetime
    clock: Clock
    dates: Deadlines
    pace: str
    grid_id: UUID | None
    building_id: UUID | None
    place_words: str
    place_facts: dict[str, Any] = field(default_factory=dict)
    priority_why: str = ""
    handler: Chosen | None = None
    suggestions: tuple[dict[str, Any], ...] = ()

    def understood(self) -> dict[str, Any]:
        """The evidence stored with the case."""
        return {
            "kind": self.understanding.kind,
            "confidence": round(self.understanding.confidence, 3),
            "evidence": {key: list(value) for key, value in self.understanding.evidence.items()},
            "priority": self.priority_why,
        }

    def reckoning(self) -> dict[str, Any]:
        """The timelines of both dates and the clock they come from."""
        return {
            **self.dates.facts(),
            "priority": self.priority,
            "pace": self.pace,
            "limits": {
                "reply": [self.clock.reply.amount, self.clock.reply.unit],
                "close": [self.clock.close.amount, self.clock.close.unit],
            },
        }


def sort_matter(community_id: UUID, matter: CaseInput, text: str, *, now: datetime) -> Sorted:
    """Sorts one matter by the community's own rules. Raises BadInput for an unknown category or place."""
    book = rulebook(community_id)
    understanding = triage.understand(text, sender=matter.reporter.name, group=matter.reporter.group_name)
    category = _category(book, matter, understanding)
    received_at = timezone.localtime(matter.received_at or now)
    grid_id, building_id, words, facts = _place(community_id, matter, understanding)
    is_urgent = understanding.urgent if matter.is_urgent is None else matter.is_urgent
    facts_of = Matter(received_at, category.codes, grid_id, building_id, text)
    priority, why = _priority(book, matter, category, facts_of, is_urgent=is_urgent)
    clock = clock_for(priority, category.codes, book.clocks)
    dates = deadlines(received_at, clock, calendar=load_calendar(community_id), periods=working_periods(community_id))
    return Sorted(
        understanding=understanding,
        category=category,
        priority=priority,
        is_urgent=is_urgent,
        received_at=received_at,
        clock=clock,
        dates=dates,
        pace=clock.pace,
        grid_id=grid_id,
        building_id=building_id,
        place_words=words,
        place_facts=facts,
        priority_why=why,
        handler=route(community_id, book, facts_of),
    )


def route(community_id: UUID, book: Rulebook, matter: Matter) -> Chosen | None:
    """Who gets it by the active routing rules, or None: then it waits for the desk."""
    rule = first_match(book.routing, matter)
    if rule is None:
        return None
    if rule.to_grid_worker:
        workers = workers_of_grid(community_id, matter.grid_id) if matter.grid_id else []
        return Chosen(workers[0][1], rule.name, account_id=workers[0][0]) if workers else None
    if rule.account_id:
        name = staff_member(community_id, rule.account_id)
        return Chosen(name, rule.name, account_id=rule.account_id) if name else None
    name = handling_organisation(community_id, rule.organisation_id) if rule.organisation_id else None
    return Chosen(name, rule.name, organisation_id=rule.organisation_id) if name else None


def place_of(matter: CaseInput, found: Sorted) -> str:
    """The place in words: as given, else as found in the text."""
    return matter.place.words.strip() or found.place_words


def _category(book: Rulebook, matter: CaseInput, understanding: triage.Understanding) -> Category:
    code = matter.category_code or (understanding.category or triage.Category.INQUIRY).value
    found = book.categories.get(code)
    if found:
        return found
    if matter.category_code:
        names = "、".join(f"{one.name}({one.code})" for one in book.categories.values() if one.parent_id is None)
        raise BadInput("unknown_category", f"没有“{matter.category_code}”这个类别。可选：{names}。", field="category")
    raise BadInput("no_categories", "本社区还没有设置诉求类别，请书记先在“规则”里设置。")


def _place(
    community_id: UUID, matter: CaseInput, understanding: triage.Understanding
) -> tuple[UUID | None, UUID | None, str, dict[str, Any]]:
    given = matter.place
    place = (triage.parse_place(given.words) if given.words else None) or understanding.place
    facts = place.as_dict() if place else {}
    if given.building_id:
        return _chosen_building(community_id, given.building_id, facts)
    located = locate(
        community_id,
        building=place.building if place else None,
        unit=place.unit if place else None,
        room=place.room if place else None,
        area=place.area if place else None,
        grid_hint=given.grid_id,
    )
    grid_id = located.grid_id
    if grid_id is None and given.longitude is not None and given.latitude is not None:
        grid_id = grid_of_point(community_id, given.longitude, given.latitude)
    return grid_id, located.building_id, _words(place), {**facts, "why": located.explain_zh}


def _chosen_building(
    community_id: UUID, building_id: UUID, facts: dict[str, Any]
) -> tuple[UUID | None, UUID | None, str, dict[str, Any]]:
    found = building_grid(community_id, building_id)
    if found is None:
        raise BadInput("unknown_place", "二维码里的楼栋不属于本社区，请直接写出地点。", field="place")
    return found[0], building_id, found[1], {**facts, "why": f"选定了{found[1]}。"}


def _words(place: triage.Place | None) -> str:
    """The place without its door: doors are private and stay in the text."""
    if place is None or place.is_empty:
        return ""
    parts = [
        place.area or "",
        f"{place.building}号楼" if place.building else "",
        f"{place.unit}单元" if place.unit else "",
        *place.landmarks[:1],
    ]
    return "".join(parts)


def _priority(
    book: Rulebook, matter: CaseInput, category: Category, facts: Matter, *, is_urgent: bool
) -> tuple[Priority, str]:
    if matter.priority:
        if matter.priority not in set(Priority):
            raise BadInput("unknown_priority", f"没有“{matter.priority}”这个优先级。", field="priority")
        return Priority(matter.priority), "由录入人选定"
    if is_urgent:
        return Priority.URGENT, "文字里有险情"
    rule = first_match(book.priorities, facts)
    if rule:
        return rule.priority, f"规则“{rule.name}”"
    if category.default_priority:
        return Priority(category.default_priority), f"“{category.name}”的默认优先级"
    return Priority.NORMAL, "默认"
