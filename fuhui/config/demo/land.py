"""Ground of the demo: the division tree, communities, grids with borders, buildings."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from fuhui.config.demo.roster import CODE, NEIGHBOURS, WORKERS, Neighbour
from fuhui.config.demo.world import Block, Town, act
from fuhui.domains.cases.actions.seeding import seed_defaults
from fuhui.registry.places.actions import import_divisions, open_community, save_building, save_grid
from fuhui.registry.places.cli import shipped_rows
from fuhui.registry.places.models import Grid
from fuhui.shared.viewers import system

AREAS = ((4, "福惠家园"), (7, "清洋里"), (9, "福安苑"), (11, "惠和小区"), (12, "河东新村"))
WEST, SOUTH, EAST, NORTH = 121.250, 37.480, 121.280, 37.498
COLUMNS, ROWS = 4, 3
PER_GRID = 5
Corner = tuple[float, float]


def open_home(rng: Random, sample: str) -> Town:
    """福惠社区 with its 12 grids and 60 buildings; `sample` waits in the paste box of whoever has not pasted yet."""
    act(system("demo"), import_divisions, rows=shipped_rows())
    community = act(
        system("demo"), open_community, region_code=CODE, name="福惠社区", phone="0535-0001038",
        supervision_phone="0535-0001000", address="福惠路 38 号党群服务中心（虚构）", settings={"chat_sample": sample},
    )
    town = Town(community.id, CODE, "福惠社区")
    act(town.system(), seed_defaults, community_id=town.id)
    for worker, border in zip(WORKERS, tiles(rng, COLUMNS, ROWS), strict=True):
        area = next(name for last, name in AREAS if worker.grid <= last)
        _add_grid(town, worker.grid, area, worker.name, border, PER_GRID, rng)
    return town


def open_neighbour(rng: Random, place: int, neighbour: Neighbour) -> Town:
    """A smaller community beside it: three grids of four buildings."""
    community = act(
        system("demo"), open_community, region_code=neighbour.code, name=neighbour.name,
        phone=f"0535-000103{place + 1}", supervision_phone="0535-0001000",
        address=f"{neighbour.name}党群服务中心（虚构）",
    )
    town = Town(community.id, neighbour.code, neighbour.name)
    act(town.system(), seed_defaults, community_id=town.id)
    shift = (place + 1) * 0.04 if place % 2 else -(place + 1) * 0.04
    for number, border in enumerate(tiles(rng, 3, 1, shift), 1):
        _add_grid(town, number, neighbour.area, neighbour.staff[number][1], border, 4, rng)
    return town


def neighbours(rng: Random) -> list[Town]:
    """All four."""
    return [open_neighbour(rng, place, neighbour) for place, neighbour in enumerate(NEIGHBOURS)]


def _add_grid(
    town: Town, number: int, area: str, staff: str, border: list[Corner], buildings: int, rng: Random
) -> None:
    names = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
    town.groups[number] = f"{town.name}第{names[number - 1]}网格群"
    grid = act(
        town.system(), save_grid, community_id=town.id, number=number, name=f"第{names[number - 1]}网格",
        group_name=town.groups[number], phone=f"199000009{number:02d}", staff_name=staff, areas=[area],
        border=_polygon(border),
    )
    _add_buildings(town, grid, area, border, buildings, rng)


def _add_buildings(town: Town, grid: Grid, area: str, border: list[Corner], count: int, rng: Random) -> None:
    begin = sum(1 for block in town.blocks if block.area == area)
    west, east = min(x for x, _ in border), max(x for x, _ in border)
    south, north = min(y for _, y in border), max(y for _, y in border)
    for place in range(count):
        number, units, floors = begin + place + 1, rng.choice([2, 2, 3, 3]), rng.choice([5, 6, 6, 6, 11])
        across, up = 0.25 + 0.5 * (place % 3) / 2, 0.36 + 0.3 * (place // 3)
        row = act(
            town.system(), save_building, community_id=town.id, grid_id=grid.id, name=f"{number}号楼", area=area,
            unit_count=units, floor_count=floors, longitude=round(west + (east - west) * across, 6),
            latitude=round(south + (north - south) * up, 6),
        )
        town.blocks.append(Block(row.id, grid.id, grid.number, area, number, units, floors))


def tiles(rng: Random, columns: int, rows: int, shift: float = 0.0) -> Iterator[list[Corner]]:
    """Neighbouring areas without gap or overlap: every border line is shared and bends a little, as streets do."""
    points: dict[tuple[float, float], Corner] = {}

    def point(column: float, row: float) -> Corner:
        if (column, row) not in points:
            wide, high = (EAST - WEST) / columns, (NORTH - SOUTH) / rows
            x = WEST + shift + (column + rng.uniform(-0.13, 0.13)) * wide
            y = SOUTH + (row + rng.uniform(-0.13, 0.13)) * high
            points[column, row] = (round(x, 6), round(y, 6))
        return points[column, row]

    way = ((0, 0), (0.35, 0), (0.7, 0), (1, 0), (1, 0.5), (1, 1), (0.7, 1), (0.35, 1), (0, 1), (0, 0.5))
    for row in reversed(range(rows)):
        for column in range(columns):
            yield [point(round(column + right, 2), round(row + up, 2)) for right, up in way]


def _polygon(corners: list[Corner]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in (*corners, corners[0])]]}
