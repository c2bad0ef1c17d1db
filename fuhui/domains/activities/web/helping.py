"""The desk's page of who gives an activity: volunteers, lecturers, partner units."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from fuhui.domains.activities.actions import listing, planning
from fuhui.domains.activities.permissions import may_change
from fuhui.domains.activities.queries import helpers_of, residents_with_phone, seen_by_desk, unit_choices
from fuhui.domains.activities.web.shapes import facts
from fuhui.registry.places.web.desk import Deed, Sent, context, do_one, number
from fuhui.registry.places.web.entry import key, signed_in, text, viewer_of
from fuhui.shared.viewers import Viewer


@require_http_methods(["GET", "POST"])
@signed_in
def helpers_page(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Who helps, and everybody who is added: `do` names how."""
    if request.method == "GET":
        return _show(request, activity_id)
    seen_by_desk(viewer_of(request), activity_id)
    show = lambda sent, status: _show(request, activity_id, sent, status=status)  # noqa: E731
    return do_one(request, activity_id, DEEDS, show, "activities:helpers")


def _show(request: HttpRequest, activity_id: UUID, sent: Sent | None = None, *, status: int = 200) -> HttpResponse:
    viewer, phone = viewer_of(request), request.GET.get("phone", "")
    activity = seen_by_desk(viewer, activity_id)
    change = may_change(viewer, activity)
    return render(request, "activities/helpers.html", {
        "activity": facts(activity), "change": change, "found": phone,
        "helpers": [{"who": str(one.person or one.organisation), "role": one.get_role_display(), "heads": one.heads,
                     "minutes": one.minutes} for one in helpers_of(activity)],
        "units": unit_choices(viewer, activity.community_id) if change.allowed else [],
        "residents": residents_with_phone(viewer, activity.community_id, phone) if phone else [],
    } | context(sent), status=status)


def _helpers(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    post = request.POST
    found = listing.add_helpers(
        by=by, activity_id=activity_id, roll=text(post, "roll", 60_000), role=text(post, "role") or "helper",
        minutes=number(post, "helper_minutes", "分钟数") if post.get("helper_minutes", "").strip() else None,
    )
    return f"记下出力的 {found.heads} 人。" + not_found_words(found, "名册里没有对上，没有记，请补手机号再录")


def _helper(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    post = request.POST
    planning.add_helper(
        by=by, activity_id=activity_id, role=text(post, "role"), organisation=key(post, "organisation", "单位"),
        person=key(post, "person", "居民"),
        heads=number(post, "helper_heads", "人数") if post.get("helper_heads", "").strip() else 1,
    )
    return "记下了，结束时一起记入台账。"


def not_found_words(found: listing.Entered, what: str) -> str:
    """Who of a list was not found, and who was there already."""
    parts = [f"{what}：{_names(found.unknown)}。"] if found.unknown else []
    parts += [f"已经记过，不重复计：{_names(found.again)}。"] if found.again else []
    return "".join(parts)


def _names(names: tuple[str, ...]) -> str:
    return "、".join(names[:10]) + (f"等 {len(names)} 人" if len(names) > 10 else "")


DEEDS: dict[str, Deed] = {"helper": _helper, "helpers": _helpers}
