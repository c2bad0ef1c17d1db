"""QR posters: scanning one opens the resident's form with the place filled in."""

from __future__ import annotations

import io
from typing import NamedTuple
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fuhui.registry.places import queries
from fuhui.registry.places.permissions import may_see_desk
from fuhui.registry.places.web.entry import signed_in, viewer_of
from fuhui.shared.errors import NotFound


class _Place(NamedTuple):
    id: UUID
    community_id: UUID
    name: str
    grid: queries.Grid


@signed_in
def poster(request: HttpRequest, kind: str, place_id: UUID) -> HttpResponse:
    """A page to print: the code, the place, the grid's worker and phone, the supervision phone."""
    place = _place(request, kind, place_id)
    community = queries.community_for(viewer_of(request), place.community_id)
    return render(request, "places/poster.html", {
        "place": place, "kind": kind, "grid": place.grid, "community": community,
        "address": _address(request, community, place),
    })


@signed_in
def code(request: HttpRequest, kind: str, place_id: UUID) -> HttpResponse:
    """The QR code alone as SVG, for a printer's own layout."""
    place = _place(request, kind, place_id)
    community = queries.community_for(viewer_of(request), place.community_id)
    picture = io.BytesIO()
    segno.make(_address(request, community, place), error="q").save(
        picture, kind="svg", scale=10, border=4, xmldecl=False, title=f"{community.name} {place.name}")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _place(request: HttpRequest, kind: str, place_id: UUID) -> _Place:
    viewer = viewer_of(request)
    if kind == "grid":
        grid = queries.grid_for(viewer, place_id)
        place = _Place(grid.id, grid.community_id, grid.name, grid)
    elif kind == "building":
        building = queries.building_for(viewer, place_id)
        place = _Place(building.id, building.community_id, str(building), building.grid)
    else:
        raise NotFound
    may_see_desk(viewer, place.community_id).require()
    return place


def _address(request: HttpRequest, community: queries.Community, place: _Place) -> str:
    return request.build_absolute_uri(f"/report/{community.region_id}/?place={place.id}")
