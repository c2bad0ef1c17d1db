"""What cases tell the people's room: what a merge moves, who is in use, the list on a person's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from fuhui.domains.cases.models import CaseReporter
from fuhui.domains.cases.queries.queue import cases_for
from fuhui.domains.cases.rules.states import STATE_NAMES, State
from fuhui.registry.people.registry import Panel
from fuhui.shared.viewers import Viewer

SHOWN = 20


def move_reports(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """What the merged person raised is from now on the kept one's."""
    rows = CaseReporter.objects.select_for_update(of=("self",)).filter(community_id=community_id, person=merged)
    ids = [str(row.id) for row in rows]
    rows.update(person=kept)
    return {"moved": ids}


def persons_in_use(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons who raised a case."""
    found = CaseReporter.objects.filter(community_id=community_id, person__in=ids)
    return set(found.values_list("person_id", flat=True))


def panel(viewer: Viewer, person_id: UUID) -> Panel | None:
    """The cases a person raised that this viewer may see, newest first."""
    rows = cases_for(viewer).filter(reporters__person=person_id).distinct().order_by("-id")[:SHOWN]
    return Panel(
        "反映过的诉求",
        [(f"{row.number} {row.title}（{STATE_NAMES[State(row.state)]}）", f"/cases/{row.id}/") for row in rows],
        "还没有登记过诉求。",
    )
