"""Teams and who belongs to them."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from fuhui.domains.volunteers.models import Joining
from fuhui.domains.volunteers.permissions import may_lead
from fuhui.domains.volunteers.queries.volunteers import volunteers_for
from fuhui.domains.volunteers.rules.registration import JoiningState
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.organisations.rules import OrganisationKind
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer


class TeamLine(NamedTuple):
    """A team with the number of its confirmed members, and of those who wait for its leader."""

    id: UUID
    name: str
    contact: str
    members: int
    waiting: int


def _teams(viewer: Viewer) -> QuerySet[Organisation]:
    today = timezone.localdate()
    return Organisation.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), community_id__in=viewer.communities,
        kind=OrganisationKind.VOLUNTEER_TEAM,
    )


def teams_for(viewer: Viewer, community_id: UUID) -> list[TeamLine]:
    """The teams of a community. Names and sizes are for everybody signed in there; two statements."""
    counted = Joining.objects.filter(community_id=community_id).values("team").annotate(
        members=Count("pk", filter=Q(state=JoiningState.CONFIRMED)),
        waiting=Count("pk", filter=Q(state=JoiningState.ASKED)))
    sizes = {row["team"]: (int(row["members"]), int(row["waiting"])) for row in counted}
    return [
        TeamLine(team.id, team.name, team.contact, sizes.get(team.id, (0, 0))[0],
                 sizes.get(team.id, (0, 0))[1] if may_lead(viewer, community_id, team.id).allowed else 0)
        for team in _teams(viewer).filter(community_id=community_id).order_by("name")
    ]


def team_for(viewer: Viewer, team_id: UUID) -> Organisation:
    """One team. Raises NotFound for an organisation of another kind or community."""
    team = _teams(viewer).filter(pk=team_id).first()
    if team is None:
        raise NotFound("team", "没有找到这支志愿服务队，或它不属于本社区。")
    return team


def joinings_for(viewer: Viewer) -> QuerySet[Joining]:
    """Requests and memberships of the volunteers that the viewer sees."""
    found = Joining.objects.select_related("volunteer__person", "team").defer(
        "volunteer__person__id_number", "volunteer__person__phone")
    return found.filter(volunteer__in=volunteers_for(viewer).values("pk"))


def members_of_team(viewer: Viewer, team_id: UUID) -> list[Joining]:
    """Who waits and who belongs, as far as the viewer sees them; those who wait first."""
    states = [JoiningState.ASKED, JoiningState.CONFIRMED]
    return list(joinings_for(viewer).filter(team=team_id, state__in=states).order_by("state", "asked_at"))


def joinings_of(viewer: Viewer, volunteer_id: UUID) -> list[Joining]:
    """A volunteer's teams and requests, latest first."""
    return list(joinings_for(viewer).filter(volunteer=volunteer_id))
