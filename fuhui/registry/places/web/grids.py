"""Grids at the desk: map, table, form."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fuhui.registry.places import actions, queries
from fuhui.registry.places.permissions import may_keep_places, may_see_desk
from fuhui.registry.places.rules.borders import read_border
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of, whole
from fuhui.registry.places.web.shapes import features, grid_rows
from fuhui.shared.errors import BadInput, RuleBroken

MAX_BORDER = 500_000  # characters of GeoJSON: far beyond 2,000 corners
_FIELDS = ("number", "name", "group_name", "phone", "staff_name", "areas", "border")


@signed_in
def grids(request: HttpRequest) -> HttpResponse:
    """All grids of the chosen community on a map, with the table that stands for it."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_see_desk(viewer, community.id).require()
    cards = queries.grid_cards_for(viewer, community)
    return render(request, "places/grids.html", {
        "community": community, "rows": grid_rows(cards), "keep": may_keep_places(viewer, community.id),
        "map": features([card.grid for card in cards], "places:grid"),
        "warned": sum(1 for card in cards if card.warnings), "homes": sum(card.homes for card in cards),
    })


@signed_in
def edit(request: HttpRequest, grid_id: UUID | None = None) -> HttpResponse:
    """One grid: the form, its border on the map beside its neighbours', what should be looked at."""
    viewer, community = viewer_of(request), chosen_community(request)
    grid = queries.grid_for(viewer, grid_id) if grid_id else None
    owner = grid.community_id if grid else community.id
    may_see_desk(viewer, owner).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        may_keep_places(viewer, owner).require()
        try:
            saved = _save(request, owner, grid_id)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"{saved.name}已保存。")
            return redirect("places:grid", saved.id)
    return _form(request, grid, owner, errors)


def _save(request: HttpRequest, community_id: UUID, grid_id: UUID | None) -> queries.Grid:
    post = request.POST
    return actions.save_grid(
        by=viewer_of(request), community_id=community_id, grid_id=grid_id, number=whole(post, "number", "编号"),
        name=text(post, "name", 30), group_name=text(post, "group_name", 60), phone=text(post, "phone", 20),
        staff_name=text(post, "staff_name", 30), areas=text(post, "areas", 2000).replace("，", "、").split("、"),
        border=read_border(_border_text(request)), seen=text(post, "seen", 20),
    )


def _border_text(request: HttpRequest) -> str:
    upload = request.FILES.get("border_file")
    if not isinstance(upload, UploadedFile):
        return text(request.POST, "border", MAX_BORDER)
    if (upload.size or 0) > MAX_BORDER:
        raise BadInput("border_size", "边界文件太大，请只导出这一个网格。", field="border")
    try:
        return str(upload.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("border_file", "边界文件不是 UTF-8 文本的 GeoJSON。", field="border") from error


def _form(request: HttpRequest, grid: queries.Grid | None, community_id: UUID, errors: dict[str, str]) -> HttpResponse:
    viewer = viewer_of(request)
    community = queries.community_for(viewer, community_id)
    cards = queries.grid_cards_for(viewer, community)
    mine = next((card for card in cards if grid and card.grid.id == grid.id), None)
    number = max((card.grid.number for card in cards), default=0) + 1
    values = {name: request.POST.get(name, "") for name in _FIELDS} if errors else _values(grid, number)
    return render(request, "places/grid.html", {
        "grid": grid, "values": values, "errors": errors, "seen": queries.stamp(grid) if grid else "",
        "keep": may_keep_places(viewer, community_id), "warnings": mine.warnings if mine else [],
        "map": features([card.grid for card in cards], marked=grid.id if grid else None),
        "counts": f"{mine.buildings} 栋楼，{mine.homes} 户" if mine else "",
    }, status=422 if errors else 200)


def _values(grid: queries.Grid | None, number: int) -> dict[str, Any]:
    if grid is None:
        return dict.fromkeys(_FIELDS, "") | {"number": number, "name": f"第{number}网格"}
    border = json.dumps(grid.border, ensure_ascii=False) if grid.border else ""
    return {name: getattr(grid, name) for name in _FIELDS} | {"areas": "、".join(grid.areas), "border": border}
