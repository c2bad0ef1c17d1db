"""One row of a list, read by the mapping: who, where, which cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fuhui.registry.people.rules.address import Door, area_of, door_text, parse_address
from fuhui.registry.people.rules.cards import Categories, categories_in, detail_of, is_yes
from fuhui.registry.people.rules.columns import CARD, IGNORE
from fuhui.registry.people.rules.entry import Checked, PersonEntry, check_entry, plain_text
from fuhui.registry.people.rules.identity import masked
from fuhui.registry.people.rules.messages import FIELD_NAMES

_PERSON = ("name", "sex", "id_number", "nation", "political", "relation", "residence", "note")
_PLACE = ("area", "building", "unit", "room")
_LIMITS = {"household_number": 30, "grid": 60, "area": 30, "building": 20, "unit": 10, "room": 10, "address": 200}
_SAME_RELATIONS = {
    "本人": "户主",
    "妻": "配偶",
    "妻子": "配偶",
    "丈夫": "配偶",
    "夫": "配偶",
    "儿子": "子",
    "女儿": "女",
    "长子": "子",
    "次子": "子",
    "长女": "女",
    "次女": "女",
    "父亲": "父",
    "母亲": "母",
}

Mapping_ = Mapping[int, str]


@dataclass(slots=True)
class Fault:
    """Why a row cannot be used: which field, the value with its middle hidden, the reason with what to do."""

    field: str
    value: str
    reason: str


@dataclass(slots=True)
class ListRow:
    """A row as read. `door` None with an `address`: the address is kept as text."""

    number: int
    checked: Checked
    door: Door | None = None
    address: str = ""
    household_number: str = ""
    grid: str = ""
    cards: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_row(number: int, cells: Sequence[str], mapping: Mapping_, categories: Categories, today: date) -> ListRow:
    """Reads and checks one row; what is wrong stands in `faults`, nothing is raised."""
    values = _values(cells, mapping)
    texts: dict[str, Any] = {name: values.get(name, "") for name in _PERSON}
    texts["relation"] = _SAME_RELATIONS.get(texts["relation"], texts["relation"])
    entry = PersonEntry(**texts, birth=values.get("birth", ""), phone=values.get("phone", ""))
    row = ListRow(number, check_entry(entry, today))
    for name, reason in row.checked.faults.items():
        row.faults.append(Fault(FIELD_NAMES[name], masked(values.get(name, "")), reason))
    _place(row, values)
    _cards(row, values, cells, mapping, categories)
    return row


def _values(cells: Sequence[str], mapping: Mapping_) -> dict[str, str]:
    values: dict[str, str] = {}
    for column, name in mapping.items():
        if name == IGNORE or name.startswith(CARD) or column >= len(cells):
            continue
        text = plain_text(cells[column])
        if text:
            values[name] = f"{values[name]}、{text}" if name in values else text
    return values


def _place(row: ListRow, values: Mapping[str, str]) -> None:
    for name, limit in _LIMITS.items():
        if len(values.get(name, "")) > limit:
            row.faults.append(Fault("住址", masked(values[name]), f"超过 {limit} 个字，多半是列对应错了"))
            return
    row.household_number, row.grid = values.get("household_number", ""), values.get("grid", "")
    parts = [values.get(name, "") for name in _PLACE]
    area, building, unit, room = parts
    row.address = values.get("address", "") or "".join(parts)
    whole = parse_address(row.address) or parse_address(room)
    if building and room:
        row.door = Door(area_of(area), building, unit, room)
        row.address = values.get("address", "") or door_text(row.door)
    elif whole:
        row.door = Door(area or whole.area, building or whole.building, unit or whole.unit, whole.room)
    elif any(parts):
        missing = "楼号" if not building else "室号"
        row.faults.append(Fault("住址", "".join(parts), f"缺{missing}，请补全楼号、单元、室号"))


def _cards(
    row: ListRow, values: Mapping[str, str], cells: Sequence[str], mapping: Mapping_, categories: Categories
) -> None:
    for column, name in mapping.items():
        if name.startswith(CARD) and column < len(cells) and is_yes(cells[column]):
            row.cards[name.removeprefix(CARD)] = detail_of(cells[column])
    for name in ("cards", "note"):
        for code in categories_in(values.get(name, ""), categories):
            row.cards.setdefault(code, "")
    if "党员" in row.checked.political and "party_member" in categories:
        row.cards.setdefault("party_member", "")


def mapping_faults(fields: Sequence[str], categories: Categories) -> list[str]:
    """What is wrong with a whole mapping, in sentences; none when it can be used."""
    known = [name for name in fields if name != IGNORE]
    faults = [] if "name" in known else ["请至少指出哪一列是“姓名”。"]
    for name in sorted(set(known)):
        if name.startswith(CARD) and name.removeprefix(CARD) not in categories:
            faults.append("有一列对应到已停用的人员类别，请重新选择。")
        elif known.count(name) > 1 and name not in {"phone", "note", "cards"} and not name.startswith(CARD):
            faults.append(f"有 {known.count(name)} 列都对应到“{FIELD_NAMES.get(name, '住址的同一部分')}”，请只留一列。")
    return faults
