"""Where the people of a list live: known homes, homes and buildings to be made, or an address kept as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from fuhui.registry.people.importing.existing import Block, Existing
from fuhui.registry.people.rules.address import Door
from fuhui.registry.people.rules.rows import Fault, ListRow
from fuhui.registry.places.rules.names import area_key, building_key, room_key, unit_key


class NewBlock(NamedTuple):
    """A building that the table of buildings does not hold yet."""

    area: str
    name: str

    @property
    def label(self) -> str:
        """Estate and building as people read it; also the key under which its grid is chosen."""
        return f"{self.area}{self.name}"


class Place(NamedTuple):
    """A door of a known or new building; or, without a building, an address as text in a grid."""

    building: UUID | NewBlock | None
    unit: str = ""
    room: str = ""
    text: str = ""
    grid_id: UUID | None = None


@dataclass(slots=True)
class Places:
    """Finds each row's place. `unknown` collects the buildings that are not in the table, with their grid if chosen."""

    known: Existing
    chosen: Mapping[str, str]
    default_grid: UUID | None
    as_text: bool
    unknown: dict[NewBlock, UUID | None] = field(default_factory=dict)
    _cache: dict[tuple[str, str, UUID | None], Block | NewBlock | str] = field(default_factory=dict)

    def find(self, row: ListRow) -> Place | None:
        """The place of a row, None where it has none; what cannot be used is added to the row's faults."""
        grid = self._grid(row)
        if row.door is None:
            return self._text(row, grid)
        found = self._building(row.door, grid)
        if isinstance(found, str):
            row.faults.append(Fault("住址", row.address, found))
            return None
        unit, room = unit_key(row.door.unit) if row.door.unit else "", room_key(row.door.room)
        if isinstance(found, Block):
            return Place(found.id, unit, room)
        return self._new(row, found, unit, room, grid)

    def home_of(self, place: Place) -> UUID | None:
        """The id of the place's home where it is registered."""
        return (
            self.known.homes.get((place.building, place.unit, place.room)) if isinstance(place.building, UUID) else None
        )

    def _new(self, row: ListRow, block: NewBlock, unit: str, room: str, grid: UUID | None) -> Place | None:
        if self.as_text:
            return Place(None, text=row.address, grid_id=grid or self.default_grid)
        chosen = self.chosen.get(block.label)
        home_grid = grid or (UUID(chosen) if chosen else self.default_grid)
        if self.unknown.get(block) is None:
            self.unknown[block] = home_grid
        if home_grid is None:
            reason = f"楼栋表里没有“{block.label}”：请在“楼栋表里没有的楼”里选它属于哪个网格，或先在网格页添加这栋楼"
            row.faults.append(Fault("住址", row.address, reason))
            return None
        return Place(block, unit, room)

    def _grid(self, row: ListRow) -> UUID | None:
        if not row.grid:
            return None
        found = self.known.grids.get(row.grid) or self.known.grids.get(row.grid.removesuffix("网格"))
        if found is None:
            row.faults.append(Fault("网格", row.grid, "没有这个网格，请写网格名称或编号，例如“3”"))
        return found

    def _text(self, row: ListRow, grid: UUID | None) -> Place | None:
        grid = grid or self.default_grid
        return Place(None, text=row.address, grid_id=grid) if row.address or (grid and row.household_number) else None

    def _building(self, door: Door, grid: UUID | None) -> Block | NewBlock | str:
        key = (door.area, door.building, grid)
        if key not in self._cache:
            self._cache[key] = self._look(door, grid)
        return self._cache[key]

    def _look(self, door: Door, grid: UUID | None) -> Block | NewBlock | str:
        number = building_key(door.building)
        named = self.known.blocks.get(number, [])
        if door.area and (here := [block for block in named if block.area == area_key(door.area)]):
            named = here
        elif door.area and any(block.area for block in named):
            named = [block for block in named if not block.area]
        if grid and (near := [block for block in named if block.grid_id == grid]):
            named = near
        if len(named) > 1:
            names = "、".join(block.label for block in named[:4])
            return f"有几栋楼都叫这个名字（{names}），请写上小区名或网格"
        return named[0] if named else NewBlock(door.area, f"{number}号楼" if number.isdigit() else door.building)
