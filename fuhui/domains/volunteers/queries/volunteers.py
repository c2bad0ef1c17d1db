"""Which volunteers a viewer sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from fuhui.domains.volunteers.models import Volunteer
from fuhui.domains.volunteers.permissions import OFFICE, led_teams
from fuhui.domains.volunteers.rules.registration import JoiningState, VolunteerState, age_at
from fuhui.shared.errors import NotFound
from fuhui.shared.rows import stamp
from fuhui.shared.viewers import Viewer

_SEALED = ("person__id_number", "person__phone")


def volunteers_for(viewer: Viewer) -> QuerySet[Volunteer]:
    """Everybody for the office, a grid worker's grids, the members and askers of a leader's team, and oneself."""
    found = Volunteer.objects.select_related("person", "grid").defer(*_SEALED)
    if viewer.is_system:
        return found.filter(community_id__in=viewer.communities)
    whole = {grant.community_id for grant in viewer.grants if grant.role in OFFICE}
    scope = Q(community_id__in={one for one in whole if one})
    for community_id in viewer.communities:
        if grids := viewer.grids(community_id):
            scope |= Q(community_id=community_id, grid__in=grids)
    if teams := led_teams(viewer):
        states = [JoiningState.ASKED, JoiningState.CONFIRMED]
        scope |= Q(pk__in=Volunteer.objects.filter(joinings__team__in=teams, joinings__state__in=states).values("pk"))
    return found.filter(scope | Q(person=viewer.person_id) if viewer.person_id else scope)


def volunteer_for(viewer: Viewer, volunteer_id: UUID) -> Volunteer:
    """One volunteer. Raises NotFound."""
    row = volunteers_for(viewer).filter(pk=volunteer_id).first()
    if row is None:
        raise NotFound("volunteer", "没有找到这位志愿者，或不在您的权限范围内。")
    return row


def own_registration(viewer: Viewer, community_id: UUID) -> Volunteer | None:
    """The viewer's own registration in a community, None where there is none."""
    if viewer.person_id is None:
        return None
    return volunteers_for(viewer).filter(community_id=community_id, person=viewer.person_id).first()


def registration_of(viewer: Viewer, person_id: UUID) -> Volunteer | None:
    """The registration of a resident that the viewer sees."""
    return volunteers_for(viewer).filter(person=person_id).first()


def found_volunteers(
    viewer: Viewer, community_id: UUID, *, words: str = "", skill: str = "", state: str = VolunteerState.ACTIVE
) -> QuerySet[Volunteer]:
    """The list by number; `words` is part of a name or number."""
    found = volunteers_for(viewer).filter(community_id=community_id)
    if state:
        found = found.filter(state=state)
    if skill:
        found = found.filter(skills__contains=[skill])
    return found.filter(Q(person__name__contains=words) | Q(number__contains=words)) if words else found


def age_of(volunteer: Volunteer) -> int | None:
    """Full years today; None where the residents' record has lost the birth date."""
    born = volunteer.person.birth_date
    return age_at(born, timezone.localdate()) if born else None


__all__ = [
    "Volunteer", "age_of", "found_volunteers", "own_registration", "registration_of", "stamp", "volunteer_for",
    "volunteers_for",
]
