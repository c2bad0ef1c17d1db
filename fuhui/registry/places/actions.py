"""Changes of places: divisions, communities, grids, buildings, homes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from fuhui.registry.places import divisions
from fuhui.registry.places.models import Building, Community, Grid, Home, Region
from fuhui.registry.places.permissions import may_keep_buildings, may_keep_divisions, may_keep_places
from fuhui.registry.places.queries.locate import forget
from fuhui.registry.places.rules import RegionLevel, full_code
from fuhui.registry.places.rules.borders import checked_border
from fuhui.registry.places.rules.names import public_phone
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint, require_fresh
from fuhui.shared.viewers import Viewer

Door = tuple[UUID, str, str]
_TAKEN = {
    "places_grid_number": "这个编号已经有网格在用，请换一个编号。",
    "places_grid_name": "这个名称已经有网格在用，请换一个名称。",
    "places_building_name": "这个小区里已经有同名的楼，请换一个楼号或填写小区名。",
}
MAX_UNITS, MAX_FLOORS = 40, 120


@transaction.atomic
def import_divisions(*, by: Viewer, rows: Iterable[Mapping[str, str]]) -> divisions.Imported:
    """Adds or corrects divisions; the same file twice changes nothing. All rows or none.

    Rows: any layout that `divisions.read_rows` knows. Raises BadInput naming the row that cannot be used.
    """
    may_keep_divisions(by).require()
    done = divisions.write(divisions.read_rows(rows))
    audit.record("places.import_divisions", by=by, community_id=None, subject="region", data=done._asdict())
    return done


@transaction.atomic
def open_community(
    *, by: Viewer, region_code: str, name: str, phone: str = "", supervision_phone: str = "", address: str = "",
    settings: Mapping[str, Any] | None = None, community_id: UUID | None = None,
) -> Community:
    """Makes a division a community that works here. `by` sees it from the next request on.

    Raises BadInput for an unknown code or one that is no community, RuleBroken where it is open already.
    """
    may_keep_divisions(by).require()
    region = Region.objects.filter(pk=full_code(region_code) if region_code.isdigit() else "").first()
    if region is None or region.level != RegionLevel.COMMUNITY:
        raise BadInput("region", "没有这个社区的 12 位区划代码，请先导入区划数据或核对代码。", field="region_code")
    if Community.objects.filter(region=region).exists():
        raise RuleBroken("open_already", f"{region.name}已经开通，不用再开。")
    community = Community(
        id=community_id or new_id(), region=region, name=_named(name or region.name), address=address.strip(),
        phone=public_phone(phone, "phone"), supervision_phone=public_phone(supervision_phone, "supervision_phone"),
        settings=dict(settings or {}),
    )
    community.save(force_insert=True)
    # In the installation's own chain: whoever opens a community does not see into it yet.
    audit.record("places.open_community", by=by, community_id=None, subject="community",
                 subject_id=community.id, data={"code": region.code, "name": community.name})
    return community


@transaction.atomic
def change_community(
    *, by: Viewer, community_id: UUID, name: str, phone: str, supervision_phone: str, address: str,
    settings: Mapping[str, Any] | None = None, seen: str = "",
) -> Community:
    """Changes what is posted about a community; `settings` replaces the keys it names and keeps the others."""
    may_keep_places(by, community_id).require()
    community = Community.objects.select_for_update(of=("self",)).filter(pk=community_id).first()
    if community is None:
        raise NotFound
    require_fresh(community, seen)
    community.name = _named(name)
    community.phone = public_phone(phone, "phone")
    community.supervision_phone = public_phone(supervision_phone, "supervision_phone")
    community.address = address.strip()
    community.settings = {**community.settings, **(settings or {})}
    community.save()
    audit.record("places.change_community", by=by, community_id=community_id, subject="community",
                 subject_id=community_id, data={"settings": sorted(settings or {})})
    return community


@transaction.atomic
def save_grid(
    *, by: Viewer, community_id: UUID, number: int, name: str, grid_id: UUID | None = None, group_name: str = "",
    phone: str = "", staff_name: str = "", areas: Sequence[str] = (), border: object = None, seen: str = "",
    new_grid_id: UUID | None = None,
) -> Grid:
    """Adds (no `grid_id`) or changes a grid. `border` is GeoJSON or None for a grid that is not drawn yet.

    Size and overlap never refuse a grid; `queries.warnings_of` tells about them. Raises BadInput for what cannot
    be a border, a phone or a number, RuleBroken for a number or name in use, StalePage by `seen`.
    """
    may_keep_places(by, community_id).require()
    fresh = Grid(id=new_grid_id or new_id(), community_id=community_id)
    grid = _grid(community_id, grid_id, seen) if grid_id else fresh
    grid.number, grid.name = _between(number, 1, 999, "编号", "number"), _named(name)
    grid.group_name, grid.staff_name = group_name.strip(), staff_name.strip()
    grid.phone = public_phone(phone, "phone")
    grid.areas = list(dict.fromkeys(area.strip() for area in areas if area.strip()))
    grid.border = checked_border(border) if border else None
    _save(grid)
    audit.record("places.save_grid", by=by, community_id=community_id, subject="grid", subject_id=grid.id,
                 data={"number": grid.number, "name": grid.name, "staff": grid.staff_name})
    return grid


@transaction.atomic
def save_building(
    *, by: Viewer, community_id: UUID, grid_id: UUID, name: str, area: str = "", building_id: UUID | None = None,
    unit_count: int = 1, floor_count: int = 6, longitude: float | None = None, latitude: float | None = None,
    seen: str = "",
) -> Building:
    """Adds (no `building_id`) or changes a building. Raises BadInput, RuleBroken for a name in use, StalePage."""
    may_keep_buildings(by, community_id, grid_id).require()
    _grid(community_id, grid_id, "")
    building = _building(by, community_id, building_id, seen) if building_id else Building(community_id=community_id)
    building.grid_id, building.area, building.name = grid_id, area.strip(), _named(name)
    building.unit_count = _between(unit_count, 1, MAX_UNITS, "单元数", "unit_count")
    building.floor_count = _between(floor_count, 1, MAX_FLOORS, "层数", "floor_count")
    building.longitude, building.latitude = _position(longitude, latitude)
    _save(building)
    audit.record("places.save_building", by=by, community_id=community_id, subject="building",
                 subject_id=building.id, data={"area": building.area, "name": building.name})
    return building


@transaction.atomic
def homes_create(*, by: Viewer, community_id: UUID, doors: Sequence[Door]) -> dict[Door, UUID]:
    """Adds the doors (building, unit, room) that are not there yet; answers the id of every one asked for.

    Fit for 50,000 doors in one call: three statements per 5,000.
    """
    wanted = list(dict.fromkeys(doors))
    buildings = {door[0] for door in wanted}
    grids = dict(Building.objects.filter(community_id=community_id, pk__in=buildings).values_list("pk", "grid_id"))
    if missing := buildings - grids.keys():
        raise BadInput("building", "有的楼不在本社区的楼栋表里，请先添加楼栋。", buildings=sorted(map(str, missing)))
    for grid_id in set(grids.values()):
        may_keep_buildings(by, community_id, grid_id).require()
    rows = [Home(community_id=community_id, building_id=b, unit=unit, room=room) for b, unit, room in wanted]
    Home.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)
    found = Home.objects.filter(community_id=community_id, building__in=buildings)
    ids = {(home.building_id, home.unit, home.room): home.id for home in found}
    forget(community_id)
    audit.record("places.homes_create", by=by, community_id=community_id, subject="home", data={"doors": len(wanted)})
    return {door: ids[door] for door in wanted}


def _grid(community_id: UUID, grid_id: UUID, seen: str) -> Grid:
    grid = Grid.objects.select_for_update(of=("self",)).filter(community_id=community_id, pk=grid_id).first()
    if grid is None:
        raise NotFound("grid", "没有找到这个网格。")
    require_fresh(grid, seen)
    return grid


def _building(by: Viewer, community_id: UUID, building_id: UUID, seen: str) -> Building:
    found = Building.objects.select_for_update(of=("self",)).filter(community_id=community_id, pk=building_id).first()
    if found is None:
        raise NotFound("building", "没有找到这栋楼。")
    may_keep_buildings(by, community_id, found.grid_id).require()
    require_fresh(found, seen)
    return found


def _save(row: Grid | Building) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in _TAKEN:
            raise
        raise RuleBroken(name, _TAKEN[name]) from error
    forget(row.community_id)


def _named(name: str) -> str:
    if not name.strip():
        raise BadInput("name", "请填写名称。", field="name")
    return name.strip()


def _between(value: int, low: int, high: int, what: str, field: str) -> int:
    if not low <= value <= high:
        raise BadInput(field, f"{what}应在 {low} 到 {high} 之间。", field=field)
    return value


def _position(longitude: float | None, latitude: float | None) -> tuple[float | None, float | None]:
    if longitude is None or latitude is None:
        return None, None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BadInput("position", "坐标超出范围：经度在前、纬度在后，可能写反了。", field="longitude")
    return longitude, latitude


