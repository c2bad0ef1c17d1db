"""One household: who lives there, its address and kind."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fuhui.registry.people import actions, queries
from fuhui.registry.people.permissions import may_register, sees_everything_of
from fuhui.registry.people.rules.words import HOUSEHOLD_NAMES, HouseholdKind
from fuhui.registry.people.web.shown import grid_text, member_row, place_text
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, NotFound, PeopleError, RuleBroken
from fuhui.shared.ui.shapes import options


@signed_in
def household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Members and the form."""
    viewer = viewer_of(request)
    found = queries.household_for(viewer, household_id)
    if not sees_everything_of(viewer, found.community_id):
        raise NotFound("household", "没有找到这一户，或不在您的权限范围内。")
    if request.method != "POST":
        return _page(request, found)
    post = request.POST
    address = text(post, "address")
    try:
        actions.save_household(
            by=viewer,
            household_id=found.pk,
            address="" if address == place_text(found) else address,
            number=text(post, "number", 30),
            kind=text(post, "kind", 12),
            note=text(post, "note", 500),
            version=whole(post, "version", "版本"),
        )
    except (BadInput, RuleBroken) as error:
        return _page(request, found, error)
    messages.success(request, "已保存。")
    return redirect("people:household", found.pk)


def _page(request: HttpRequest, found: queries.Household, error: PeopleError | None = None) -> HttpResponse:
    viewer, place = viewer_of(request), place_text(found)
    values = (
        request.POST if error else {"address": place, "number": found.number, "kind": found.kind, "note": found.note}
    )
    return render(
        request,
        "people/household.html",
        {
            "household": found,
            "place": place,
            "grid": grid_text(found),
            "values": values,
            "rows": [member_row(one) for one in queries.same_home(viewer, found.pk)],
            "errors": errors_of(error) if error else {},
            "edit": may_register(viewer, found.community_id, queries.grid_of(found)),
            "kinds": options((one, HOUSEHOLD_NAMES[one]) for one in HouseholdKind),
            "add": f"{reverse('people:register')}?{urlencode({'address': place})}",
        },
        status=error.status if error else 200,
    )
