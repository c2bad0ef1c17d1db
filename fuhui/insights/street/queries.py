"""Several communities side by side, and what they sent up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fuhui.domains.cases.queries.queue import COLUMNS, cases_for
from fuhui.domains.cases.rules.states import State
from fuhui.insights.figures.queries import Figure, counts_by_community, days_back, figures_by_community
from fuhui.registry.places.queries import communities_for
from fuhui.shared.viewers import Role, Viewer

DAYS = 30
WAITING_SHOWN = 50
_NOTHING = {"open": 0, "late": 0, "escalated": 0, "unassigned": 0, "received": 0}


@dataclass(frozen=True)
class CommunityCard:
    """One community at a glance."""

    id: UUID
    name: str
    counts: dict[str, int]
    figures: list[Figure]


def street_communities(viewer: Viewer) -> list[UUID]:
    """The communities the viewer oversees as street officer."""
    return [community for community in viewer.communities if viewer.has(Role.STREET_OFFICER, community_id=community)]


def community_cards(viewer: Viewer, now: datetime) -> list[CommunityCard]:
    """Every community of the street, those with late cases first. Three statements however many there are."""
    ids = street_communities(viewer)
    counts = counts_by_community(viewer, ids, now)
    rates = figures_by_community(viewer, ids, days_back(now, DAYS))
    cards = [
        CommunityCard(one.id, one.name, counts.get(one.id, _NOTHING), rates.get(one.id, []))
        for one in communities_for(viewer)
        if one.id in set(ids)
    ]
    return sorted(
        cards, key=lambda card: (-card.counts["late"], -card.counts["escalated"], -card.counts["open"], card.name)
    )


def escalations_waiting(viewer: Viewer) -> list[dict[str, Any]]:
    """Cases that wait for the street, by date. One statement."""
    rows = cases_for(viewer).filter(community_id__in=street_communities(viewer), state=State.ESCALATED)
    return list(rows.order_by("due_at", "id").values(*COLUMNS)[:WAITING_SHOWN])
