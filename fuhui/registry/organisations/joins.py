"""What organisations tell the people's room: what a merge moves, who is in use, the list on a person's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse

from fuhui.registry.organisations.models import Membership
from fuhui.registry.organisations.permissions import may_see_organisations
from fuhui.registry.organisations.queries import memberships_of_person
from fuhui.registry.people.registry import Panel
from fuhui.shared.ui.format import day
from fuhui.shared.viewers import Viewer


def move_memberships(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """Memberships of the merged person become the kept one's; one that the kept person holds already is dropped."""
    moved: list[str] = []
    dropped: list[str] = []
    for row in Membership.objects.select_for_update(of=("self",)).filter(community_id=community_id, person=merged):
        row.person_id = kept
        try:
            with transaction.atomic():
                row.save(update_fields=["person"])
        except IntegrityError:
            dropped.append(f"{row.id} {row.title} {row.since} {row.until or ''}".strip())
            row.delete()
        else:
            moved.append(str(row.id))
    return {"moved": moved, "dropped": dropped}


def panel(viewer: Viewer, person_id: UUID) -> Panel | None:
    """The organisations of a person, present ones first."""
    rows = list(memberships_of_person(viewer, person_id))
    if rows and not may_see_organisations(viewer, rows[0].community_id).allowed:
        return None
    return Panel("所在组织", [
        (f"{row.organisation.name} · {row.title} · {day(row.since)}—{day(row.until) or '至今'}",
         reverse("organisations:organisation", args=[row.organisation_id]))
        for row in rows
    ])


def people_in_use(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons who belong or belonged to an organisation."""
    found = Membership.objects.filter(community_id=community_id, person__in=ids)
    return set(found.values_list("person_id", flat=True))
