"""Which people a viewer sees. Every read of people starts here."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from fuhui.registry.people.models import Household, Person
from fuhui.registry.people.rules.words import PersonStatus
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Role, Viewer

# Encrypted columns are opened by `reveal_person` only, so no other read even fetches them.
SEALED = ("id_number", "phone")
PLACE = ("household", "household__home", "household__home__building", "household__home__building__grid")
_WHOLE = (Role.SECRETARY, Role.COMMUNITY_STAFF, Role.HEALTH_WORKER)


def seen_people(viewer: Viewer) -> QuerySet[Person]:
    """Everybody the viewer sees, merged records included: office and health post their community, a grid worker
    the people of their grids, everybody themselves; street officers and auditors nobody."""
    return Person.objects.filter(_scope(viewer)).defer(*SEALED)


def living_people(viewer: Viewer) -> QuerySet[Person]:
    """As above without merged records."""
    return seen_people(viewer).exclude(status=PersonStatus.MERGED)


def seen_households(viewer: Viewer) -> QuerySet[Household]:
    """Households of the viewer's communities or grids; a resident sees their own."""
    whole, grids = _reach(viewer)
    own = Q(people=viewer.person_id) if viewer.person_id else Q(pk__in=[])
    in_grids = Q(community_id__in=grids) & _in_grids("", {grid for found in grids.values() for grid in found})
    return Household.objects.filter(Q(community_id__in=whole) | in_grids | own).distinct()


def person_for(viewer: Viewer, person_id: UUID) -> Person:
    """One person with household, home and grid; for a merged record the one it was merged into. Raises NotFound."""
    found = seen_people(viewer).select_related(*PLACE, "household__grid").filter(pk=person_id).first()
    if found is None:
        raise NotFound("person", "没有找到这位居民，或不在您的权限范围内。")
    return person_for(viewer, found.merged_into_id) if found.merged_into_id else found


def household_for(viewer: Viewer, household_id: UUID) -> Household:
    """One household with its place. Raises NotFound."""
    found = seen_households(viewer).filter(pk=household_id).select_related("home__building__grid", "grid").first()
    if found is None:
        raise NotFound("household", "没有找到这一户，或不在您的权限范围内。")
    return found


def grid_of(household: Household | None) -> UUID | None:
    """The grid a household belongs to: its building's, else the one it was given."""
    if household is None:
        return None
    return household.home.building.grid_id if household.home_id else household.grid_id


def _scope(viewer: Viewer) -> Q:
    whole, grids = _reach(viewer)
    condition = Q(community_id__in=whole)
    for community_id, own in grids.items():
        households = Household.objects.filter(_in_grids("", own), community_id=community_id)
        condition |= Q(community_id=community_id, household__in=households.values("pk"))
    return condition | Q(pk=viewer.person_id) if viewer.person_id else condition


def _reach(viewer: Viewer) -> tuple[set[UUID], dict[UUID, frozenset[UUID]]]:
    if viewer.is_system:
        return set(viewer.communities), {}
    whole = {grant.community_id for grant in viewer.grants if grant.role in _WHOLE and grant.community_id}
    grids = {community_id: viewer.grids(community_id) for community_id in viewer.communities}
    return whole, {community_id: own for community_id, own in grids.items() if own and community_id not in whole}


def _in_grids(prefix: str, grids: set[UUID] | frozenset[UUID]) -> Q:
    by_home = Q(**{f"{prefix}home__building__grid__in": grids})
    return by_home | Q(**{f"{prefix}home__isnull": True, f"{prefix}grid__in": grids})
