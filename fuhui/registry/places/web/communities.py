"""The community's own entry and switches; opening communities for operators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from fuhui.registry.places import actions, queries
from fuhui.registry.places.permissions import may_keep_divisions, may_keep_places
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui.shapes import row

_FIELDS = ("name", "phone", "supervision_phone", "address", "low", "high", "staff_second_factor")


@signed_in
def settings(request: HttpRequest) -> HttpResponse:
    """What is posted about the community, the usual size of its grids, and the second factor of its staff."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_keep_places(viewer, community.id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _save(request, community)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, "已保存。")
            return redirect("places:community")
    values = {name: request.POST.get(name, "") for name in _FIELDS} if errors else _values(community)
    return render(request, "places/community.html", {
        "community": community, "values": values, "errors": errors, "seen": queries.stamp(community),
    }, status=422 if errors else 200)


def _save(request: HttpRequest, community: queries.Community) -> None:
    post = request.POST
    low, high = whole(post, "low", "最少户数"), whole(post, "high", "最多户数")
    if not 0 < low < high:
        raise BadInput("size", "最多户数应大于最少户数。", field="high")
    actions.change_community(
        by=viewer_of(request), community_id=community.id, name=text(post, "name", 60), phone=text(post, "phone", 20),
        supervision_phone=text(post, "supervision_phone", 20), address=text(post, "address"),
        settings={"grid_households": [low, high], "staff_second_factor": post.get("staff_second_factor") == "on"},
        seen=text(post, "seen", 20),
    )


def _values(community: queries.Community) -> dict[str, Any]:
    low, high = queries.household_range(community)
    return {
        "name": community.name, "phone": community.phone, "supervision_phone": community.supervision_phone,
        "address": community.address, "low": low, "high": high,
        "staff_second_factor": bool(community.settings.get("staff_second_factor")),
    }


@signed_in
def communities(request: HttpRequest) -> HttpResponse:
    """For operators: the communities that work here, and opening another one."""
    viewer = viewer_of(request)
    may_keep_divisions(viewer).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            community = _open(request, request.POST)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"{community.name}已开通。请接着添加网格和书记的账号。")
            return redirect("places:communities")
    return render(request, "places/communities.html", _listed(request, errors), status=422 if errors else 200)


def _open(request: HttpRequest, post: QueryDict) -> queries.Community:
    return actions.open_community(
        by=viewer_of(request), region_code=text(post, "region_code", 12), name=text(post, "name", 60),
        phone=text(post, "phone", 20), supervision_phone=text(post, "supervision_phone", 20),
    )


def _listed(request: HttpRequest, errors: dict[str, str]) -> dict[str, Any]:
    words = text(request.GET, "q", 30)
    found = queries.divisions_like(words) if words else []
    return {
        "rows": [row(title=one.name, sub=f"{one.region.name} {one.region_id}", href=f"/grids/{one.region_id}/")
                 for one in queries.open_communities()],
        "q": words, "errors": errors, "values": request.POST,
        "found": [(one.code, one.name, str(one.parent or "")) for one in found],
    }
