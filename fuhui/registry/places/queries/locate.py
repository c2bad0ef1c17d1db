"""From words (building, unit, room, estate) or a point to grid, building and home. Kept warm in the process.

Case intake asks this for every message, so a community's places are held for a minute; then one small statement
asks whether anything changed, and only then are they read again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from django.db import connection
from shapely.prepared import PreparedGeometry

from fuhui.registry.places.models import Building, Grid, Home
from fuhui.registry.places.rules.borders import holds, prepared
from fuhui.registry.places.rules.names import area_key, building_key, room_key, unit_key
from fuhui.shared.errors import NotFound
from fuhui.shared.tenancy import scope

FRESH_SECONDS = 60.0
_MOST_KEPT = 64  # communities per process; the one longest unused makes room
_VERSION = "SELECT places_version, places_version = pg_current_xact_id_if_assigned()::text::bigint" \
    " FROM places_community WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Located:
    """Where a matter is, as far as the words tell, and in words why."""

    grid_id: UUID | None
    building_id: UUID | None
    home_id: UUID | None
    explain_zh: str


@dataclass(frozen=True, slots=True)
class _Block:
    id: UUID
    grid_id: UUID
    area: str
    label: str


@dataclass(slots=True)
class _Atlas:
    version: int
    checked: float
    grids: dict[UUID, str] = field(default_factory=dict)
    borders: list[tuple[UUID, PreparedGeometry]] = field(default_factory=list)
    blocks: dict[str, list[_Block]] = field(default_factory=lambda: defaultdict(list))
    areas: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    homes: dict[tuple[UUID, str, str], UUID] = field(default_factory=dict)


_atlases: dict[UUID, _Atlas] = {}
_lock = Lock()


def locate(
    community_id: UUID, *, building: str | None = None, unit: str | None = None, room: str | None = None,
    area: str | None = None, grid_hint: UUID | None = None,
) -> Located:
    """The place that the words mean inside one community; what they leave open stays None.

    `grid_hint` is the grid whose group or poster the words came from: it decides between buildings of one name
    and stands where the words name no place. Raises NotFound for a community outside the connection's scope.
    """
    atlas = _atlas(community_id)
    hint = grid_hint if grid_hint in atlas.grids else None
    block, why = _block(atlas, building or "", area or "", hint)
    if block:
        home = _home(atlas, block, unit or "", room or "")
        return Located(block.grid_id, block.id, home, f"{why}，属于{atlas.grids[block.grid_id]}。")
    grid = _only(atlas.areas.get(area_key(area or ""), ()))
    if grid:
        return Located(grid, None, None, f"{why}{area}在{atlas.grids[grid]}。")
    if hint:
        return Located(hint, None, None, f"{why}按消息来自{atlas.grids[hint]}。")
    return Located(None, None, None, why or "没有写明地点。")


def grid_of_point(community_id: UUID, longitude: float, latitude: float) -> UUID | None:
    """The grid whose border holds the point (WGS 84 degrees), None outside all of them."""
    borders = _atlas(community_id).borders
    return next((grid for grid, border in borders if holds(border, longitude, latitude)), None)


def forget(community_id: UUID) -> None:
    """Drops what this process holds; actions call it, other processes notice within a minute."""
    with _lock:
        _atlases.pop(community_id, None)


def _block(atlas: _Atlas, building: str, area: str, hint: UUID | None) -> tuple[_Block | None, str]:
    if not building.strip():
        return None, ""
    named = atlas.blocks.get(building_key(building), [])
    if not named:
        return None, f"楼栋表里没有“{building}”；"
    wanted = area_key(area) if area.strip() else ""
    if wanted and (here := [block for block in named if block.area == wanted]):
        named = here
    elif near := [block for block in named if block.grid_id == hint]:
        named = near
    if len(named) == 1:
        return named[0], f"找到{named[0].label}"
    return None, f"有 {len(named)} 栋“{building}”，没写明是哪个小区；"


def _home(atlas: _Atlas, block: _Block, unit: str, room: str) -> UUID | None:
    if not room.strip():
        return None
    units = (unit_key(unit),) if unit.strip() else ("", "1")
    rooms = room_key(room)
    return next((found for one in units if (found := atlas.homes.get((block.id, one, rooms)))), None)


def _only(grids: Iterable[UUID]) -> UUID | None:
    found = list(grids)
    return found[0] if len(found) == 1 else None


def _atlas(community_id: UUID) -> _Atlas:
    if not scope.current().sees(community_id):
        raise NotFound
    now = time.monotonic()
    kept = _atlases.get(community_id)
    if kept and now - kept.checked < FRESH_SECONDS:
        return kept
    version, is_mine = _version(community_id)
    if kept and kept.version == version:
        kept.checked = now
        return kept
    atlas = _read(community_id, version, now)
    if not is_mine:  # what this very transaction changed may still be rolled back, so it is not kept
        _keep(community_id, atlas)
    return atlas


def _version(community_id: UUID) -> tuple[int, bool]:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [community_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return int(row[0]), bool(row[1])


def _keep(community_id: UUID, atlas: _Atlas) -> None:
    with _lock:
        _atlases.pop(community_id, None)
        while len(_atlases) >= _MOST_KEPT:
            _atlases.pop(next(iter(_atlases)))
        _atlases[community_id] = atlas


def _read(community_id: UUID, version: int, now: float) -> _Atlas:
    atlas = _Atlas(version, now)
    for grid in Grid.objects.filter(community_id=community_id):
        atlas.grids[grid.id] = grid.name
        if grid.border:
            atlas.borders.append((grid.id, prepared(grid.border)))
        for area in grid.areas:
            atlas.areas[area_key(area)].add(grid.id)
    for row in Building.objects.filter(community_id=community_id):
        block = _Block(row.id, row.grid_id, area_key(row.area), str(row))
        atlas.blocks[building_key(row.name)].append(block)
        if row.area:
            atlas.areas[block.area].add(row.grid_id)
    homes = Home.objects.filter(community_id=community_id).values_list("building_id", "unit", "room", "id")
    atlas.homes.update(((b, unit_key(u), room_key(r)), home) for b, u, r, home in homes.iterator(chunk_size=5000))
    return atlas


