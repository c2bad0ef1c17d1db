"""Reads of places."""

from fuhui.registry.places.queries.grids import (
    Building,
    Community,
    Grid,
    GridCard,
    Home,
    Region,
    building_for,
    building_grid,
    buildings_for,
    code_of_community,
    communities_for,
    community_by_code,
    community_by_id,
    community_for,
    community_settings,
    divisions_like,
    grid_cards_for,
    grid_for,
    grids_for,
    grids_of,
    homes_for,
    household_range,
    open_communities,
    region_by_code,
    stamp,
    warnings_of,
)
from fuhui.registry.places.queries.locate import Located, grid_of_point, locate

__all__ = [
    "Building", "Community", "Grid", "GridCard", "Home", "Located", "Region", "building_for", "building_grid",
    "buildings_for", "code_of_community", "communities_for", "community_by_code", "community_by_id",
    "community_for", "community_settings", "divisions_like", "grid_cards_for", "grid_for", "grid_of_point",
    "grids_for", "grids_of", "homes_for", "household_range", "locate", "open_communities", "region_by_code",
    "stamp", "warnings_of",
]
