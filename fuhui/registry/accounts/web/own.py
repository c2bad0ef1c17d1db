"""My account: name, large type, the community I work in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from fuhui.registry.accounts import actions, queries
from fuhui.registry.accounts.rules import STAFF_ROLES
from fuhui.registry.places.queries import communities_for
from fuhui.registry.places.web.chosen import choose_community, chosen_community_id
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput
from fuhui.shared.ui.context import TYPE_COOKIE

_YEAR = 365 * 24 * 3600


def remember_type(response: HttpResponse, *, large: bool) -> None:
    """Large type or not, on this device."""
    if large:
        response.set_cookie(TYPE_COOKIE, "large", max_age=_YEAR, samesite="Lax")
    else:
        response.delete_cookie(TYPE_COOKIE)


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """The own name, type size, roles, community and ways to the password and the second factor."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            large = request.POST.get("large_type") == "on"
            actions.change_own_account(by=viewer_of(request), display_name=text(request.POST, "display_name", 30),
                                       large_type=large)
        except BadInput as error:
            errors = errors_of(error)
        else:
            messages.success(request, "已保存。")
            response = redirect("accounts:me")
            remember_type(response, large=large)
            return response
    return _page(request, errors)


def _page(request: HttpRequest, errors: dict[str, str]) -> HttpResponse:
    viewer = viewer_of(request)
    assert viewer.account_id  # noqa: S101 - signed_in
    account = queries.account_for(viewer, viewer.account_id)
    lines = queries.grant_lines_for(viewer, viewer.account_id)
    several = len(viewer.communities) > 1
    typed = request.POST.get("display_name", "") if errors else account.display_name
    return render(request, "accounts/me.html", {
        "account": account, "errors": errors, "staff": bool(viewer.roles & STAFF_ROLES),
        "values": {"display_name": typed, "large_type": account.large_type},
        "lines": [f"{line.role_name} · {line.place}" for line in lines if line.is_live],
        "communities": [(str(one.id), one.name) for one in communities_for(viewer)] if several else [],
        "chosen": str(chosen_community_id(request)) if several else "",
    }, status=422 if errors else 200)


@signed_in
@require_POST
def community(request: HttpRequest) -> HttpResponse:
    """Switches the community that the desk's pages show, and goes back to where the switch was."""
    chosen = key(request.POST, "community_id", "社区")
    if chosen is None:
        raise BadInput("community_id", "请选择一个社区。", field="community_id")
    choose_community(request, chosen)
    back = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if inside else "/")
