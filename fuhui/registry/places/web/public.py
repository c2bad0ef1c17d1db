"""The public board of grids: what 滨州市网格化条例 art 6 wants posted where residents come and go."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fuhui.registry.places.queries import buildings_for, community_by_code, grids_for
from fuhui.registry.places.web.shapes import extents, features
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import visitor_in


def board(request: HttpRequest, code: str) -> HttpResponse:
    """Names, extents, staff, phones and the supervision phone of a community's grids, for everybody."""
    community = community_by_code(code)
    with acting(visitor_in(community.id)) as visitor:
        grids = list(grids_for(visitor, community.id))
        words = extents(grids, buildings_for(visitor, community.id))
    rows = [
        {"name": grid.name, "extent": words[grid.id], "staff": grid.staff_name or "待公示", "phone": grid.phone}
        for grid in grids
    ]
    return render(request, "places/board.html", {"community": community, "rows": rows, "map": features(grids)})
