"""What an import would do, row by row, without writing anything: the check and the import make the same plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from fuhui.registry.people.importing.existing import Existing, Known, load
from fuhui.registry.people.importing.places import Place, Places
from fuhui.registry.people.importing.source import Source
from fuhui.registry.people.queries.people import id_index_of, phone_index_of
from fuhui.registry.people.rules.identity import masked
from fuhui.registry.people.rules.rows import Fault, ListRow, read_row
from fuhui.registry.people.rules.sheets import people_rows

FILL, OVERWRITE, SKIP = "fill", "overwrite", "skip"
_COMPARED = ("name", "sex", "birth_date", "nation", "political", "relation", "residence", "note")
_REPORTED = 1000
Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Planned:
    """One usable row: whom it is, what changes of them, where, which cards."""

    row: ListRow
    known: Known | None
    place: Place | None
    id_index: bytes | None
    phone_index: bytes | None
    changes: set[str] = field(default_factory=set)
    cards: dict[str, str] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """True where nothing is written."""
        return self.known is not None and not self.changes and not self.cards


@dataclass(slots=True)
class Plan:
    """Everything an import would do."""

    existing: Existing
    places: Places
    rows: list[Planned] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    bad_rows: int = 0
    hints: int = 0

    def counts(self) -> dict[str, int]:
        """Figures for the page."""
        new = sum(one.known is None for one in self.rows)
        same = sum(one.is_same for one in self.rows)
        return {
            "rows": len(self.rows) + self.bad_rows,
            "new": new,
            "same": same,
            "bad": self.bad_rows,
            "changed": len(self.rows) - new - same,
            "hints": self.hints,
            "buildings": len(self.places.unknown),
            "cards": sum(len(one.cards) for one in self.rows),
        }


def make_plan(community_id: UUID, source: Source, options: Mapping[str, Any], tell: Tell) -> Plan:
    """Reads every row, compares it with what is registered and notes what is wrong. Never raises for a row."""
    tell("比对已有居民", 0, len(source.sheet.rows))
    existing = load(community_id)
    default = options.get("default_grid")
    places = Places(
        existing, options.get("grids") or {}, UUID(default) if default else None, options.get("unknown") == "text"
    )
    planner = _Planner(Plan(existing, places), str(options.get("existing") or FILL))
    today, total = timezone.localdate(), len(source.sheet.rows)
    for number, cells in people_rows(source.sheet.rows, source.layout):
        planner.add(read_row(number, cells, source.mapping, existing.categories, today))
        tell("检查每一行", number, total)
    return planner.plan


@dataclass(slots=True)
class _Planner:
    plan: Plan
    policy: str
    _before: ListRow | None = None
    _ids: dict[bytes, int] = field(default_factory=dict)
    _others: dict[tuple[object, ...], int] = field(default_factory=dict)
    _taken: dict[UUID, int] = field(default_factory=dict)

    def add(self, row: ListRow) -> None:
        self._inherit_place(row)
        place = self.plan.places.find(row)
        one = Planned(row, None, place, *_indexes(row))
        self._unlike_others(one)
        if not row.faults:
            one.known = self._match(one)
        if row.faults:
            self._refuse(row)
            return
        self._changes(one)
        self.plan.hints += bool(row.checked.hints)
        self.plan.rows.append(one)

    def _inherit_place(self, row: ListRow) -> None:
        """A member of a household written below its head without the address lives where the head does."""
        before, relation = self._before, row.checked.relation
        if (
            before
            and not row.address
            and relation
            and relation != "户主"
            and row.household_number in ("", before.household_number)
        ):
            row.door, row.address, row.grid = before.door, before.address, row.grid or before.grid
            row.household_number = before.household_number
        self._before = row

    def _unlike_others(self, one: Planned) -> None:
        row = one.row
        if one.id_index:
            first = self._ids.setdefault(one.id_index, row.number)
            what, value = "证件号", masked(row.checked.id_number or "")
        else:
            key = (row.checked.name, row.checked.birth_date, one.phone_index, row.address)
            first = self._others.setdefault(key, row.number)
            what, value = "姓名", masked(row.checked.name)
        if first != row.number and row.checked.name:
            row.faults.append(Fault(what, value, f"与第 {first} 行是同一个人，请删去其中一行"))

    def _match(self, one: Planned) -> Known | None:
        """By identity number; else by name with birth date, phone or home, where no number says otherwise."""
        existing, checked = self.plan.existing, one.row.checked
        if one.id_index and (known := existing.by_id.get(one.id_index)):
            return self._claim(one, [known])
        found = existing.by_birth.get((checked.name, checked.birth_date), []) if checked.birth_date else []
        if not found and one.phone_index:
            found = existing.by_phone.get((checked.name, one.phone_index), [])
        home = self.plan.places.home_of(one.place) if one.place else None
        if not found and home and not checked.birth_date:
            found = existing.by_home.get((checked.name, home), [])
        return self._claim(one, [known for known in found if not (one.id_index and known.id_index)])

    def _claim(self, one: Planned, found: list[Known]) -> Known | None:
        if len(found) > 1:
            reason = f"已登记的居民里有 {len(found)} 位与这一行相像，请补上身份证号，或先合并重复的档案"
            one.row.faults.append(Fault("姓名", masked(one.row.checked.name), reason))
        if len(found) != 1:
            return None
        first = self._taken.setdefault(found[0].id, one.row.number)
        if first != one.row.number:
            reason = f"与第 {first} 行对应到同一位已登记的居民，请删去其中一行或补上身份证号"
            one.row.faults.append(Fault("姓名", masked(one.row.checked.name), reason))
        return found[0]

    def _changes(self, one: Planned) -> None:
        known, checked = one.known, one.row.checked
        if known is None:
            one.cards = one.row.cards
        elif self.policy != SKIP:
            one.changes = {name for name in _COMPARED if self._wins(getattr(checked, name), getattr(known, name))}
            one.changes |= {"id_number"} if self._wins(one.id_index, known.id_index) else set()
            one.changes |= {"phone"} if self._wins(one.phone_index, known.phone_index) else set()
            one.changes |= {"household"} if self._moves(one, known) else set()
            one.cards = {
                code: text for code, text in one.row.cards.items() if (known.id, code) not in self.plan.existing.cards
            }

    def _wins(self, new: object, old: object) -> bool:
        return bool(new) and new != old and (not old or self.policy == OVERWRITE)

    def _moves(self, one: Planned, known: Known) -> bool:
        if one.place is None or (known.household_id and self.policy != OVERWRITE):
            return False
        if known.household_id is None:
            return True
        home = self.plan.places.home_of(one.place)
        return one.place.building is not None and self.plan.existing.home_of.get(known.household_id) != home

    def _refuse(self, row: ListRow) -> None:
        self.plan.bad_rows += 1
        for fault in row.faults:
            if len(self.plan.problems) < _REPORTED:
                self.plan.problems.append(
                    {"row": row.number, "field": fault.field, "value": fault.value, "reason": fault.reason}
                )


def _indexes(row: ListRow) -> tuple[bytes | None, bytes | None]:
    checked = row.checked
    return (
        id_index_of(checked.id_number) if checked.id_number else None,
        phone_index_of(checked.phones[0]) if checked.phones else None,
    )
