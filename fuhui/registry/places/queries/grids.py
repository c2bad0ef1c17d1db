"""Reads of communities, grids and buildings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length

from fuhui.registry.places.models import Building, Community, Grid, Home, Region
from fuhui.registry.places.rules import CODE_LENGTH, full_code
from fuhui.registry.places.rules.borders import overlaps
from fuhui.shared.errors import NotFound
from fuhui.shared.rows import stamp
from fuhui.shared.viewers import Viewer

USUAL_HOUSEHOLDS = (200, 500)  # per grid; a community may set its own in settings["grid_households"]


class GridCard(NamedTuple):
    """A grid with what pages show of it."""

    grid: Grid
    buildings: int
    homes: int
    warnings: list[str]


def communities_for(viewer: Viewer) -> QuerySet[Community]:
    """The communities the viewer may work in, by code."""
    return Community.objects.filter(pk__in=viewer.communities).select_related("region")


def open_communities() -> QuerySet[Community]:
    """Every community of this installation: names and codes are public."""
    return Community.objects.select_related("region")


def community_by_code(code: str) -> Community:
    """A community by its 12-digit code, for public pages. Raises NotFound."""
    return _one_community(region_id=code)


def community_by_id(community_id: UUID) -> Community:
    """A community that a signed link names, for public pages. Raises NotFound."""
    return _one_community(pk=community_id)


def _one_community(**named: object) -> Community:
    found = Community.objects.select_related("region__parent").filter(**named).first()
    if found is None:
        raise NotFound("community", "没有这个社区，或它还没有开通。请核对地址。")
    return found


def community_for(viewer: Viewer, community_id: UUID) -> Community:
    """One community inside the viewer's scope. Raises NotFound."""
    found = communities_for(viewer).filter(pk=community_id).first()
    if found is None:
        raise NotFound
    return found


def grids_for(viewer: Viewer, community_id: UUID) -> QuerySet[Grid]:
    """Grids of a community in the viewer's scope, by number."""
    return Grid.objects.filter(community_id=community_id) if viewer.sees(community_id) else Grid.objects.none()


def grids_of(viewer: Viewer, community_ids: Iterable[UUID]) -> QuerySet[Grid]:
    """Grids of those of the communities that are in the viewer's scope, each community's by number."""
    return Grid.objects.filter(community_id__in=[one for one in community_ids if viewer.sees(one)])


def grid_for(viewer: Viewer, grid_id: UUID) -> Grid:
    """One grid in the viewer's scope. Raises NotFound."""
    found = Grid.objects.filter(pk=grid_id, community_id__in=viewer.communities).first()
    if found is None:
        raise NotFound("grid", "没有找到这个网格，或它不在您的权限范围内。")
    return found


def grid_cards_for(viewer: Viewer, community: Community) -> list[GridCard]:
    """Every grid of a community with its counts and warnings. Two statements."""
    grids = list(grids_for(viewer, community.id))
    counts = {
        row["grid"]: row
        for row in Building.objects.filter(community_id=community.id)
        .values("grid").annotate(buildings=Count("id", distinct=True), doors=Count("homes"))
    }
    none = {"buildings": 0, "doors": 0}
    return [_card(grid, counts.get(grid.id, none), grids, community) for grid in grids]


def _card(grid: Grid, count: Mapping[str, Any], grids: Sequence[Grid], community: Community) -> GridCard:
    warnings = warnings_of(grid, count["doors"], grids, community)
    return GridCard(grid, count["buildings"], count["doors"], warnings)


def warnings_of(grid: Grid, homes: int, grids: Sequence[Grid], community: Community) -> list[str]:
    """What should be looked at: postings missing (滨州市网格化条例 art 6), size, overlaps. Never binding."""
    posted = {"网格员姓名": grid.staff_name, "联系电话": grid.phone, "监督电话": community.supervision_phone}
    missing = [name for name, value in posted.items() if not value]
    found = [f"公示缺：{'、'.join(missing)}。"] if missing else []
    low, high = household_range(community)
    if homes and not low <= homes <= high:
        found.append(f"有 {homes} 户，通常一个网格 {low}–{high} 户。")
    if not grid.border:
        return [*found, "还没有画边界。"]
    others = {other.name: other.border for other in grids if other.id != grid.id and other.border}
    return found + [
        f"与{overlap.name}重叠约 {overlap.square_metres:.0f} 平方米。" for overlap in overlaps(grid.border, others)
    ]


def household_range(community: Community) -> tuple[int, int]:
    """Usual number of households of a grid in this community."""
    value = community.settings.get("grid_households", USUAL_HOUSEHOLDS)
    return (int(value[0]), int(value[1])) if isinstance(value, list | tuple) and len(value) == 2 else USUAL_HOUSEHOLDS


def buildings_for(
    viewer: Viewer, community_id: UUID, *, grid_id: UUID | None = None, words: str = ""
) -> QuerySet[Building]:
    """Buildings of a community in the viewer's scope with grid and number of homes (`home_count`)."""
    if not viewer.sees(community_id):
        return Building.objects.none()
    found = Building.objects.filter(community_id=community_id).select_related("grid")
    if grid_id:
        found = found.filter(grid=grid_id)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(area__icontains=word))
    return found.annotate(home_count=Count("homes")).order_by("grid__number", "area", Length("name"), "name")


def building_for(viewer: Viewer, building_id: UUID) -> Building:
    """One building in the viewer's scope. Raises NotFound."""
    found = Building.objects.filter(pk=building_id, community_id__in=viewer.communities).select_related("grid").first()
    if found is None:
        raise NotFound("building", "没有找到这栋楼，或它不在您的权限范围内。")
    return found


def homes_for(viewer: Viewer, building_id: UUID) -> QuerySet[Home]:
    """Doors of a building in the viewer's scope, by unit and room."""
    return Home.objects.filter(building=building_id, community_id__in=viewer.communities)


def region_by_code(code: str) -> Region | None:
    """A division by its code of 2 to 12 digits, None where there is none."""
    return Region.objects.filter(pk=full_code(code)).first() if code.isdigit() and len(code) <= CODE_LENGTH else None


def divisions_like(words: str, limit: int = 20) -> QuerySet[Region]:
    """Divisions whose name or code holds the words, with their upper level, for choosing one to open."""
    found = Region.objects.filter(Q(name__icontains=words) | Q(code__startswith=words)).select_related("parent")
    return found[:limit]


__all__ = [
    "Building", "Community", "Grid", "GridCard", "Home", "Region", "building_for", "buildings_for",
    "communities_for", "community_by_code", "community_for", "divisions_like", "grid_cards_for", "grid_for",
    "grids_for", "homes_for", "household_range", "open_communities", "region_by_code", "stamp", "warnings_of",
]


def community_settings(community_id: UUID) -> dict[str, Any]:
    """The settings of a community; empty for an unknown one."""
    found = Community.objects.filter(pk=community_id).values_list("settings", flat=True).first()
    return dict(found or {})


def code_of_community(community_id: UUID) -> str:
    """The 12-digit code of a community. Raises Community.DoesNotExist for an unknown one."""
    return str(Community.objects.values_list("region_id", flat=True).get(pk=community_id))


def building_grid(community_id: UUID, building_id: UUID) -> tuple[UUID, str] | None:
    """Grid and name of a building of this community, or None."""
    row = Building.objects.filter(community_id=community_id, pk=building_id).first()
    return (row.grid_id, str(row)) if row else None
