"""Display rows of places, prepared so that templates only print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse

from fuhui.registry.places.queries import Building, Grid, GridCard


def features(grids: Iterable[Grid], href: str = "", marked: UUID | None = None) -> dict[str, Any]:
    """GeoJSON of the grids that have a border; `href` is a URL name taking the grid's id, '' for no link."""
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": grid.border, "properties": {
            "name": grid.name, "href": reverse(href, args=[grid.id]) if href else "",
            "tone": "soon" if grid.id == marked else "accent",
        }}
        for grid in grids if grid.border
    ]}


def grid_rows(cards: Iterable[GridCard]) -> list[dict[str, Any]]:
    """Rows of the staff's table of grids."""
    return [
        {
            "name": card.grid.name, "number": card.grid.number, "href": reverse("places:grid", args=[card.grid.id]),
            "staff": card.grid.staff_name or "未填", "phone": card.grid.phone or "未填",
            "buildings": card.buildings, "homes": card.homes, "warnings": card.warnings,
            "poster": reverse("places:poster", args=["grid", card.grid.id]),
        }
        for card in cards
    ]


def extents(grids: Iterable[Grid], buildings: Iterable[Building]) -> dict[UUID, str]:
    """What belongs to each grid in words: estates, and buildings by estate."""
    by_grid: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for building in sorted(buildings, key=lambda one: (one.area, len(one.name), one.name)):
        by_grid[building.grid_id][building.area].append(building.name)
    return {grid.id: _extent(grid, by_grid[grid.id]) for grid in grids}


def _extent(grid: Grid, buildings: dict[str, list[str]]) -> str:
    whole = [area for area in grid.areas if area not in buildings]
    parts = [f"{area}{'、'.join(names)}" for area, names in buildings.items()]
    return "；".join(whole + parts) or "未填"
