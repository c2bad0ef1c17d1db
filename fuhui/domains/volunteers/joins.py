"""What volunteers tell the people's room: what a merge moves, who is in use, the list on a person's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from fuhui.domains.volunteers.models import Attendance, BankAccount, BankRepresentative, Feedback, Volunteer
from fuhui.domains.volunteers.queries.teams import joinings_of
from fuhui.domains.volunteers.queries.volunteers import volunteers_for
from fuhui.domains.volunteers.rules.registration import JOINING_WORDS, STATE_WORDS, JoiningState, VolunteerState
from fuhui.registry.people.registry import Panel
from fuhui.shared.viewers import Viewer


def move_registration(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """The registration goes to the kept person; where both had one, the merged person's ends and stays as history."""
    _move_feedback(community_id, kept, merged)
    row = Volunteer.objects.select_for_update(of=("self",)).filter(community_id=community_id, person=merged).first()
    if row is None:
        return {}
    if Volunteer.objects.filter(community_id=community_id, person=kept).exists():
        row.state = VolunteerState.ENDED
        row.save(update_fields=["state", "updated_at"])
        return {"ended": row.number}
    row.person_id = kept
    row.save(update_fields=["person", "updated_at"])
    Attendance.objects.filter(community_id=community_id, sign_up__volunteer=row).update(person=kept)
    return {"moved": row.number}


def _move_feedback(community_id: UUID, kept: UUID, merged: UUID) -> None:
    """What one resident said under two records: of one shift the kept record's words stand, the others stay beside."""
    here = Feedback.objects.filter(community_id=community_id)
    said = here.filter(person=kept, shift__isnull=False).values("shift")
    here.filter(person=merged).exclude(shift__in=said).update(person=kept)


def persons_in_use(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons who are or were volunteers, have a time account, or act for somebody who has one."""
    tables: tuple[type[Volunteer | BankAccount | BankRepresentative | Feedback], ...] = (
        Volunteer, BankAccount, BankRepresentative, Feedback)
    return set().union(*(table.objects.filter(community_id=community_id, person__in=ids).values_list(
        "person_id", flat=True) for table in tables))


def panel(viewer: Viewer, person_id: UUID) -> Panel | None:
    """The registration of a person and their teams, as far as the viewer sees them."""
    row = volunteers_for(viewer).filter(person=person_id).first()
    if row is None:
        return Panel("志愿服务", [], "没有登记为志愿者。")
    page = reverse("volunteers:volunteer", args=[row.pk])
    lines = [(f"{row.number}（{STATE_WORDS[VolunteerState(row.state)]}）", page)]
    lines += [(f"{one.team.name} · {JOINING_WORDS[JoiningState(one.state)]}", "")
              for one in joinings_of(viewer, row.pk)]
    return Panel("志愿服务", lines)
