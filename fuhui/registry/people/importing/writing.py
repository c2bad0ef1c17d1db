"""Writes a plan: buildings, homes, households, people, cards, and a line per row for undoing. One transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from fuhui.registry.people.importing.bulk import insert_rows, update_rows
from fuhui.registry.people.importing.existing import PLAIN, Known
from fuhui.registry.people.importing.places import NewBlock, Place
from fuhui.registry.people.importing.plan import Plan, Planned, Tell
from fuhui.registry.people.models import ImportBatch, Person
from fuhui.registry.people.rules.words import HouseholdKind, PersonStatus
from fuhui.registry.places.actions import homes_create, save_building
from fuhui.shared.crypto import seal
from fuhui.shared.errors import StalePage
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer

BEFORE = "people.import_change"
_MARKS = ("source", "version", "created_at", "updated_at", "updated_by")
PERSON = (
    "id",
    "community_id",
    *PLAIN,
    "household_id",
    "id_number",
    "id_index",
    "phone",
    "phone_index",
    "status",
    *_MARKS,
)
_HOUSEHOLD = ("id", "community_id", "home_id", "grid_id", "number", "address_text", "kind", "note", *_MARKS)
_CARD = (
    "id",
    "community_id",
    "person_id",
    "category_id",
    "since",
    "source",
    "data",
    "note",
    "created_at",
    "updated_by",
)
_CHANGE = ("id", "community_id", "batch_id", "kind", "object_id", "is_new", "version", "before")
CHANGED = ("id", "community_id", *PLAIN, "household_id", "version", "updated_at", "updated_by")
ID_COLUMNS = ("id", "community_id", "id_number", "id_index")
PHONE_COLUMNS = ("id", "community_id", "phone", "phone_index")


@dataclass(slots=True)
class Writer:
    """Writes one plan for one batch; `actor` is whose import it is."""

    batch: ImportBatch
    plan: Plan
    by: Viewer
    actor: str
    tell: Tell
    now: datetime = field(default_factory=timezone.now)
    homes: dict[tuple[UUID, str, str], UUID] = field(default_factory=dict)
    blocks: dict[NewBlock, UUID] = field(default_factory=dict)
    households: dict[tuple[object, str], UUID] = field(default_factory=dict)
    changes: list[tuple[str, UUID, bool, int, bytes | None]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def write(self) -> dict[str, int]:
        """Everything in the order of references; answers how many of what."""
        self.tell("登记楼栋和房屋", 0, len(self.plan.rows))
        self._write_homes()
        self._write_households()
        new = [one for one in self.plan.rows if one.known is None]
        ids = {id(one): new_id() for one in new}
        self.tell("登记居民", 0, len(self.plan.rows))
        insert_rows("people_person", PERSON, (self._person(one, ids[id(one)]) for one in new))
        self._noted("person", ids.values())
        changed = [one for one in self.plan.rows if one.known is not None and one.changes]
        if changed:
            self._update(changed)
        self._write_cards(ids)
        self.tell("记录以便撤销", len(self.plan.rows), len(self.plan.rows))
        insert_rows("people_import_change", _CHANGE, self._change_rows())
        self.counts |= {"new": len(new), "changed": len(changed)}
        return self.counts

    def _noted(self, kind: str, ids: Any) -> None:
        before = len(self.changes)
        self.changes += [(kind, pk, True, 1, None) for pk in ids]
        self.counts[f"{kind}s_new"] = len(self.changes) - before

    def _write_homes(self) -> None:
        places = self.plan.places
        wanted = [one.place for one in self.plan.rows if one.place and one.place.building is not None]
        for block in dict.fromkeys(place.building for place in wanted if isinstance(place.building, NewBlock)):
            grid = places.unknown[block]
            units = max((int(p.unit) for p in wanted if p.building == block and p.unit.isdigit()), default=1)
            self.blocks[block] = (
                save_building(
                    by=self.by,
                    community_id=self.batch.community_id,
                    grid_id=grid,
                    name=block.name,
                    area=block.area,
                    unit_count=min(max(units, 1), 40),
                ).pk
                if grid
                else new_id()
            )
        doors = dict.fromkeys(self._door(place) for place in wanted)
        missing = [door for door in doors if door not in self.plan.existing.homes]
        self.homes = dict(self.plan.existing.homes)
        if missing:
            made = homes_create(by=self.by, community_id=self.batch.community_id, doors=missing)
            self.homes |= made
            self._noted("home", made.values())
        self._noted("building", self.blocks.values())

    def _door(self, place: Place) -> tuple[UUID, str, str]:
        building = self.blocks[place.building] if isinstance(place.building, NewBlock) else place.building
        return building, place.unit, place.room  # type: ignore[return-value]  # text places are left out before

    def _household_key(self, one: Planned) -> tuple[object, str] | None:
        if one.place is None:
            return (None, one.row.household_number) if one.row.household_number else None
        place = one.place
        spot = self.homes[self._door(place)] if place.building is not None else place.text or None
        return spot, one.row.household_number

    def _write_households(self) -> None:
        needed = [one for one in self.plan.rows if one.known is None or "household" in one.changes]
        new: dict[tuple[object, str], tuple[UUID, Planned]] = {}
        for one in needed:
            key = self._household_key(one)
            if key is None or key in self.households:
                continue
            known = self.plan.existing.households.get(key)
            self.households[key] = known or new_id()
            if known is None:
                new[key] = (self.households[key], one)
        insert_rows("people_household", _HOUSEHOLD, (self._household(key, *made) for key, made in new.items()))
        self._noted("household", [made[0] for made in new.values()])

    def _household(self, key: tuple[object, str], pk: UUID, one: Planned) -> tuple[object, ...]:
        spot, number = key
        home = spot if isinstance(spot, UUID) else None
        grid = one.place.grid_id if one.place and home is None else None
        return (
            pk,
            self.batch.community_id,
            home,
            grid,
            number,
            one.row.address,
            HouseholdKind.FAMILY.value,
            "",
            self._source,
            1,
            self.now,
            self.now,
            self.actor,
        )

    @property
    def _source(self) -> str:
        return f"导入：{self.batch.file_name}"[:60]

    def _home_of(self, one: Planned) -> UUID | None:
        key = self._household_key(one)
        return self.households.get(key) if key else None

    def _person(self, one: Planned, pk: UUID) -> tuple[object, ...]:
        row = one.row.checked
        return (
            pk,
            self.batch.community_id,
            row.name,
            str(row.sex),
            row.birth_date,
            row.nation,
            row.political,
            row.relation,
            str(row.residence),
            row.note,
            row.phone_tail,
            self._home_of(one),
            _sealed(row.id_number, "people.id_number"),
            one.id_index,
            _sealed(row.phone_text, "people.phone"),
            one.phone_index,
            PersonStatus.ACTIVE.value,
            self._source,
            1,
            self.now,
            self.now,
            self.actor,
        )

    def _update(self, changed: list[Planned]) -> None:
        held = self._held(changed)
        known = [(one, one.known) for one in changed if one.known is not None]
        for one, person in known:
            before = _before(held[person.id], one.changes)
            self.changes.append(("person", person.id, False, person.version + 1, seal(before, context=BEFORE)))
        update_rows("people_person", CHANGED, (self._changed(*pair) for pair in known), match=CHANGED[:2])
        ids = [
            (p.id, self.batch.community_id, _sealed(one.row.checked.id_number, "people.id_number"), one.id_index)
            for one, p in known
            if "id_number" in one.changes
        ]
        phones = [
            (p.id, self.batch.community_id, _sealed(one.row.checked.phone_text, "people.phone"), one.phone_index)
            for one, p in known
            if "phone" in one.changes
        ]
        if ids:
            update_rows("people_person", ID_COLUMNS, ids, match=ID_COLUMNS[:2])
        if phones:
            update_rows("people_person", PHONE_COLUMNS, phones, match=PHONE_COLUMNS[:2])

    def _held(self, changed: list[Planned]) -> dict[UUID, Person]:
        versions = {one.known.id: one.known.version for one in changed if one.known is not None}
        rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=versions).order_by("pk")
        held = {row.pk: row for row in rows.iterator(5000)}
        if any(pk not in held or held[pk].version != version for pk, version in versions.items()):
            raise StalePage("stale", "导入期间有人修改了其中的居民，什么也没有写入。请再点一次“开始导入”。")
        return held

    def _changed(self, one: Planned, known: Known) -> tuple[object, ...]:
        row = one.row.checked
        plain = [
            str(getattr(row, name))
            if name in one.changes and name != "birth_date"
            else getattr(row if name in one.changes else known, name)
            for name in PLAIN[:-1]
        ]
        tail = row.phone_tail if "phone" in one.changes else known.phone_tail
        household = self._home_of(one) if "household" in one.changes else known.household_id
        return (known.id, self.batch.community_id, *plain, tail, household, known.version + 1, self.now, self.actor)

    def _write_cards(self, ids: dict[int, UUID]) -> None:
        category, rows = self.plan.existing.category_ids, []
        for one in self.plan.rows:
            person = one.known.id if one.known else ids[id(one)]
            for code, text in one.cards.items():
                data = json.dumps({"内容": text} if text else {}, ensure_ascii=False)
                rows.append(
                    (
                        new_id(),
                        self.batch.community_id,
                        person,
                        category[code],
                        None,
                        self._source,
                        data,
                        "",
                        self.now,
                        self.actor,
                    )
                )
        insert_rows("people_attributecard", _CARD, rows)
        self._noted("card", [row[0] for row in rows])

    def _change_rows(self) -> Iterator[tuple[object, ...]]:
        for kind, pk, is_new, version, before in self.changes:
            yield new_id(), self.batch.community_id, self.batch.pk, kind, pk, is_new, version, before


def _sealed(text: str | None, context: str) -> bytes | None:
    return seal(text, context=context) if text else None


def _before(person: Person, changes: set[str]) -> str:
    """The former values as JSON; encrypted ones only where they change."""
    values: dict[str, object] = {name: getattr(person, name) for name in (*PLAIN, "household_id")}
    for name, changed in (("id_number", "id_number"), ("phone", "phone")):
        if changed in changes:
            index = getattr(person, name.replace("_number", "") + "_index")
            values[name] = [getattr(person, name), bytes(index).hex() if index else None]
    return json.dumps(values, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
