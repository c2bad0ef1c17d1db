"""Households: made behind a door, changed, and people moved between them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fuhui.registry.people.actions.locking import grid_of_person, held_household, held_person
from fuhui.registry.people.models import Household, Person
from fuhui.registry.people.permissions import may_register
from fuhui.registry.people.queries.people import building_names
from fuhui.registry.people.queries.scope import grid_of, household_for
from fuhui.registry.people.rules.address import parse_address
from fuhui.registry.people.rules.words import HouseholdKind
from fuhui.registry.places.actions import homes_create
from fuhui.registry.places.models import Building, Grid, Home
from fuhui.registry.places.rules.names import area_key, room_key, unit_key
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, StalePage
from fuhui.shared.viewers import Viewer


def home_at(by: Viewer, community_id: UUID, address: str) -> UUID | None:
    """The home an address means; its door is added where the building is known. None where no building and room
    can be told or the building is unknown. Raises BadInput where several buildings have that name."""
    door = parse_address(address)
    if door is None:
        return None
    named = Building.objects.filter(community_id=community_id, name__in=building_names(door.building))
    buildings = [row for row in named if not door.area or area_key(row.area) == area_key(door.area)] or list(named)
    if len(buildings) > 1:
        names = "、".join(map(str, buildings))
        raise BadInput("building", f"有几栋同名的楼（{names}），请写上小区名。", field="address")
    if not buildings:
        return None
    key = (buildings[0].pk, unit_key(door.unit), room_key(door.room))
    existing = Home.objects.filter(building=key[0], unit=key[1], room=key[2]).values_list("pk", flat=True).first()
    return existing or homes_create(by=by, community_id=community_id, doors=[key])[key]


@transaction.atomic
def household_in(
    *,
    by: Viewer,
    community_id: UUID,
    address: str = "",
    home_id: UUID | None = None,
    grid_id: UUID | None = None,
    kind: str = HouseholdKind.FAMILY,
    number: str = "",
    source: str = "",
) -> Household:
    """The household at an address, made where there is none yet. With several behind the door the first one.

    An address that is no known door is kept as text, with the grid given or the worker's only one.
    Raises BadInput, NotAllowed for another worker's grid.
    """
    home_id = home_id or home_at(by, community_id, address)
    homes = Home.objects.select_related("building").filter(community_id=community_id)
    home = homes.filter(pk=home_id).first() if home_id else None
    grid = home.building.grid_id if home else grid_id or _only_grid(by, community_id)
    may_register(by, community_id, grid).require()
    if grid and not Grid.objects.filter(community_id=community_id, pk=grid).exists():
        raise BadInput("grid", "没有这个网格，请重新选择。", field="grid")
    if home and (found := Household.objects.filter(home=home.pk, number=number).order_by("created_at").first()):
        return found
    household = Household.objects.create(
        community_id=community_id,
        home=home,
        grid_id=None if home else grid,
        number=number[:30],
        kind=kind,
        address_text=address[:200],
        source=source[:60],
        updated_by=by.actor,
    )
    audit.record(
        "people.create_household",
        by=by,
        community_id=community_id,
        subject="household",
        subject_id=household.pk,
        data={"home": str(home_id or "")},
    )
    return household


@transaction.atomic
def save_household(
    *,
    by: Viewer,
    household_id: UUID,
    address: str,
    number: str,
    kind: str,
    note: str,
    version: int | None = None,
) -> Household:
    """Changes a household. Raises StalePage, NotAllowed for another worker's grid, BadInput."""
    seen = household_for(by, household_id)
    household = held_household(household_id, seen.community_id)
    may_register(by, household.community_id, grid_of(seen)).require()
    if version is not None and version != household.version:
        raise StalePage("stale", "这一户刚刚被别人修改过，您的修改还没有保存。请刷新页面核对后再改一次。")
    if kind not in HouseholdKind._value2member_map_:
        raise BadInput("kind", "没有这种户别，请从列表里选。", field="kind")
    home_id = home_at(by, household.community_id, address) if address.strip() else household.home_id
    household.grid_id = None if home_id else grid_of(seen)
    household.home_id, household.kind, household.number, household.note = home_id, kind, number[:30], note[:500]
    household.address_text = address.strip()[:200] or household.address_text
    household.version, household.updated_by = household.version + 1, by.actor
    household.save()
    audit.record(
        "people.change_household",
        by=by,
        community_id=household.community_id,
        subject="household",
        subject_id=household.pk,
        data={"version": household.version},
    )
    return household


@transaction.atomic
def move_person(*, by: Viewer, person_id: UUID, household_id: UUID | None, relation: str = "") -> Person:
    """Puts a person into another household of the community, or into none. Both grids must be the worker's."""
    person = held_person(by, person_id)
    may_register(by, person.community_id, grid_of_person(person)).require()
    target = held_household(household_id, person.community_id) if household_id else None
    may_register(by, person.community_id, grid_of(target)).require()
    before = person.household_id
    person.household, person.relation = target, relation[:20]
    person.version, person.updated_by = person.version + 1, by.actor
    person.save(update_fields=["household", "relation", "version", "updated_by", "updated_at"])
    audit.record(
        "people.move",
        by=by,
        community_id=person.community_id,
        subject="person",
        subject_id=person.pk,
        data={"from": str(before or ""), "to": str(household_id or "")},
    )
    return person


def _only_grid(by: Viewer, community_id: UUID) -> UUID | None:
    grids = by.grids(community_id)
    return next(iter(grids)) if len(grids) == 1 else None
