"""Buildings and their doors at the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.places import actions, queries
from fuhui.registry.places.permissions import may_keep_buildings, may_keep_places, may_see_desk
from fuhui.registry.places.rules.names import doors as ordinary_doors
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import degrees, errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui.shapes import chip, row
from fuhui.shared.viewers import Viewer

PAGE = 60
MAX_PER_FLOOR = 40
_FIELDS = ("grid_id", "area", "name", "unit_count", "floor_count", "longitude", "latitude")


@signed_in
def buildings(request: HttpRequest) -> HttpResponse:
    """The chosen community's buildings, by grid and words."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_see_desk(viewer, community.id).require()
    words, grid_id = text(request.GET, "q", 50), key(request.GET, "grid", "网格")
    found = Paginator(queries.buildings_for(viewer, community.id, grid_id=grid_id, words=words), PAGE)
    page = found.get_page(request.GET.get("page"))
    chips = [chip("全部", "?", on=grid_id is None)] + [
        chip(grid.name, f"?grid={grid.id}", on=grid.id == grid_id) for grid in queries.grids_for(viewer, community.id)
    ]
    return render(request, "places/buildings.html", {
        "community": community, "q": words, "chips": chips, "page": page, "count": found.count,
        "rows": [_row(building) for building in page], "grid": grid_id or "",
    })


def _row(building: Any) -> Any:
    sub = f"{building.unit_count} 个单元 · {building.floor_count} 层 · {building.home_count} 户"
    return row(title=str(building), href=reverse("places:building", args=[building.id]), sub=sub,
               meta=str(building.grid), id=str(building.id))


@signed_in
def edit(request: HttpRequest, building_id: UUID | None = None) -> HttpResponse:
    """One building: the form, its doors, its poster."""
    viewer = viewer_of(request)
    building = queries.building_for(viewer, building_id) if building_id else None
    community_id = building.community_id if building else chosen_community(request).id
    may_see_desk(viewer, community_id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        _require_keeper(viewer, community_id, building)
        try:
            saved = _save(request, community_id, building_id)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"{saved}已保存。")
            return redirect("places:building", saved.id)
    return _form(request, building, community_id, errors)


def _require_keeper(viewer: Viewer, community_id: UUID, building: queries.Building | None) -> None:
    """Before anything that was typed is looked at. A new building's grid is asked again by the action."""
    if building is not None:
        may_keep_buildings(viewer, community_id, building.grid_id).require()
    elif not viewer.grids(community_id):
        may_keep_places(viewer, community_id).require()


def _save(request: HttpRequest, community_id: UUID, building_id: UUID | None) -> queries.Building:
    post = request.POST
    grid_id = key(post, "grid_id", "网格")
    if grid_id is None:
        raise BadInput("grid_id", "请选择这栋楼属于哪个网格。", field="grid_id")
    return actions.save_building(
        by=viewer_of(request), community_id=community_id, building_id=building_id, grid_id=grid_id,
        name=text(post, "name", 20), area=text(post, "area", 30), unit_count=whole(post, "unit_count", "单元数"),
        floor_count=whole(post, "floor_count", "层数"), longitude=degrees(post, "longitude", "经度"),
        latitude=degrees(post, "latitude", "纬度"), seen=text(post, "seen", 20),
    )


def _form(
    request: HttpRequest, building: queries.Building | None, community_id: UUID, errors: dict[str, str]
) -> HttpResponse:
    viewer = viewer_of(request)
    grids = list(queries.grids_for(viewer, community_id))
    grid_id = building.grid_id if building else (grids[0].id if grids else community_id)
    keep = may_keep_buildings(viewer, community_id, grid_id)
    return render(request, "places/building.html", {
        "building": building, "errors": errors, "values": _values(request.POST if errors else None, building),
        "grids": [(str(grid.id), grid.name) for grid in grids], "seen": queries.stamp(building) if building else "",
        "doors": _doors(viewer, building) if building else [], "keep": keep,
    }, status=422 if errors else 200)


def _values(post: QueryDict | None, building: queries.Building | None) -> dict[str, Any]:
    if post is not None:
        return {name: post.get(name, "") for name in _FIELDS}
    if building is None:
        return dict.fromkeys(_FIELDS, "") | {"unit_count": 1, "floor_count": 6}
    values = {name: getattr(building, name) for name in _FIELDS} | {"grid_id": str(building.grid_id)}
    return {name: "" if value is None else value for name, value in values.items()}


def _doors(viewer: Any, building: queries.Building) -> list[dict[str, str]]:
    units: dict[str, list[str]] = {}
    for home in queries.homes_for(viewer, building.id):
        units.setdefault(home.unit, []).append(home.room)
    return [
        {"unit": f"{unit} 单元" if unit else "不分单元", "count": f"{len(rooms)} 户", "rooms": "、".join(rooms)}
        for unit, rooms in units.items()
    ]


@signed_in
@require_POST
def doors(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """Adds the doors of an ordinary building: units × floors × doors per floor. Doors that are there stay."""
    viewer = viewer_of(request)
    building = queries.building_for(viewer, building_id)
    _require_keeper(viewer, building.community_id, building)
    per_floor = whole(request.POST, "per_floor", "每层户数")
    if not 1 <= per_floor <= MAX_PER_FLOOR:
        raise BadInput("per_floor", f"每层户数应在 1 到 {MAX_PER_FLOOR} 之间。", field="per_floor")
    wanted = ordinary_doors(building.unit_count, building.floor_count, per_floor)
    done = actions.homes_create(by=viewer, community_id=building.community_id,
                                doors=[(building.id, unit, room) for unit, room in wanted])
    messages.success(request, f"{building}现有这 {len(done)} 户的门牌。")
    return redirect("places:building", building.id)
