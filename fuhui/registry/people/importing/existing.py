"""What a community has registered already, in memory, for comparing a list with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, cast
from uuid import UUID

from fuhui.registry.people.models import AttributeCard, CardCategory, Household, Person
from fuhui.registry.people.rules.words import PersonStatus
from fuhui.registry.places.models import Building, Grid, Home
from fuhui.registry.places.rules.names import area_key, building_key, room_key, unit_key

PLAIN = ("name", "sex", "birth_date", "nation", "political", "relation", "residence", "note", "phone_tail")


class Known(NamedTuple):
    """A registered person, without what is encrypted."""

    id: UUID
    version: int
    id_index: bytes | None
    phone_index: bytes | None
    household_id: UUID | None
    name: str
    sex: str
    birth_date: date | None
    nation: str
    political: str
    relation: str
    residence: str
    note: str
    phone_tail: str


class Block(NamedTuple):
    """A building: its id, estate, grid and how it is called."""

    id: UUID
    area: str
    grid_id: UUID
    label: str


@dataclass(slots=True)
class Existing:
    """Indexes over the community's rows."""

    by_id: dict[bytes, Known] = field(default_factory=dict)
    by_birth: dict[tuple[str, date], list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[tuple[str, bytes], list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_home: dict[tuple[str, UUID], list[Known]] = field(default_factory=lambda: defaultdict(list))
    home_of: dict[UUID, UUID] = field(default_factory=dict)  # household → home
    households: dict[tuple[object, str], UUID] = field(default_factory=dict)
    homes: dict[tuple[UUID, str, str], UUID] = field(default_factory=dict)
    blocks: dict[str, list[Block]] = field(default_factory=lambda: defaultdict(list))
    grids: dict[str, UUID] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    category_ids: dict[str, UUID] = field(default_factory=dict)
    cards: set[tuple[UUID, str]] = field(default_factory=set)


def load(community_id: UUID) -> Existing:
    """Everything a list is compared with. Seven statements."""
    known = Existing()
    _places(known, community_id)
    _households(known, community_id)
    _people(known, community_id)
    categories = CardCategory.objects.filter(community_id=community_id, is_active=True).order_by("order")
    for code, name, pk in categories.values_list("code", "name", "id"):
        known.categories[code], known.category_ids[code] = name, pk
    running = AttributeCard.objects.filter(community_id=community_id, until__isnull=True)
    known.cards.update(running.values_list("person_id", "category__code"))
    return known


def _places(known: Existing, community_id: UUID) -> None:
    for grid in Grid.objects.filter(community_id=community_id):
        for name in (grid.name, str(grid.number), f"{grid.number}网格", f"第{grid.number}网格"):
            known.grids.setdefault(name, grid.pk)
    for row in Building.objects.filter(community_id=community_id):
        known.blocks[building_key(row.name)].append(Block(row.pk, area_key(row.area), row.grid_id, str(row)))
    doors = Home.objects.filter(community_id=community_id).values_list("building_id", "unit", "room", "id")
    for block, unit, room, home in doors.iterator(5000):
        known.homes[block, unit_key(unit), room_key(room)] = home


def _households(known: Existing, community_id: UUID) -> None:
    rows = Household.objects.filter(community_id=community_id).order_by("created_at", "id")
    for pk, home_id, number, address in rows.values_list("id", "home_id", "number", "address_text").iterator(5000):
        home = cast("UUID | None", home_id)  # the stubs take every reference for filled
        place = address or None if home is None else home
        if home is not None:
            known.home_of[pk] = home
        known.households.setdefault((place, number), pk)
        known.households.setdefault((place, ""), pk)


def _people(known: Existing, community_id: UUID) -> None:
    rows = Person.objects.filter(community_id=community_id).exclude(status=PersonStatus.MERGED)
    for values in rows.values_list("id", "version", "id_index", "phone_index", "household_id", *PLAIN).iterator(5000):
        pk, version, id_index, phone_index, *rest = values
        person = Known(
            pk, version, bytes(id_index) if id_index else None, bytes(phone_index) if phone_index else None, *rest
        )
        if person.id_index:
            known.by_id[person.id_index] = person
        if person.birth_date:
            known.by_birth[person.name, person.birth_date].append(person)
        if person.phone_index:
            known.by_phone[person.name, person.phone_index].append(person)
        home = known.home_of.get(person.household_id) if person.household_id else None
        if home:
            known.by_home[person.name, home].append(person)
