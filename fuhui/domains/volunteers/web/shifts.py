"""One shift for who plans it, and the steps of signing up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fuhui.domains.volunteers.actions.calls import ask_for_help, cancel_shift, change_places
from fuhui.domains.volunteers.actions.signing_up import sign_up, withdraw
from fuhui.domains.volunteers.permissions import is_office, may_plan
from fuhui.domains.volunteers.queries import shifts
from fuhui.domains.volunteers.queries.fairness import candidates
from fuhui.domains.volunteers.queries.volunteers import own_registration
from fuhui.domains.volunteers.web.calls import shown
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui.format import clock, minutes_words, when

SUGGESTED = 20


@signed_in
def shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Who comes, who could be asked (who served least first), the number of places, cancelling."""
    return _shift(request, shift_id, {})


def _shift(request: HttpRequest, shift_id: UUID, errors: dict[str, str]) -> HttpResponse:
    viewer = viewer_of(request)
    one = shifts.shift_for(viewer, shift_id)
    may_plan(viewer, one.community_id, one.call.team_id).require()
    found = candidates(one, timezone.now())[:SUGGESTED] if is_office(viewer, one.community_id) else []
    return render(request, "volunteers/shift.html", {
        "shift": one, "when": f"{when(one.starts_at)}—{clock(one.ends_at)}", "errors": errors,
        "free": one.capacity - one.taken, "running": one.starts_at <= timezone.now(),
        "roster": [{"id": row.pk, "name": row.volunteer.person.name, "number": row.volunteer.number,
                    "at": when(row.signed_at), "page": reverse("volunteers:volunteer", args=[row.volunteer_id])}
                   for row in shifts.roster(viewer, one.pk)],
        "candidates": [
            {"id": str(each.volunteer.pk), "name": each.volunteer.person.name,
             "served": minutes_words(each.minutes) if each.minutes else "近一年还没有服务"}
            for each in found
        ],
    }, status=409 if errors else 200)


@signed_in
@require_POST
def take(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """A volunteer takes a place, or who plans enters one for them (`volunteer_id`)."""
    viewer = viewer_of(request)
    one = shifts.shift_for(viewer, shift_id)
    given = key(request.POST, "volunteer_id", "志愿者")
    own = own_registration(viewer, one.community_id)
    volunteer_id = given or (own.pk if own else None)
    if volunteer_id is None:
        messages.info(request, "报名要先登记为志愿者，只要一分钟。")
        return redirect("volunteers:me")
    try:
        sign_up(by=viewer, shift_id=shift_id, volunteer_id=volunteer_id, close_is_fine=bool(request.POST.get("close")))
    except RuleBroken as error:
        if given:
            return _shift(request, shift_id, errors_of(error))
        return shown(request, one.call_id, errors_of(error))
    messages.success(request, "报上名了。来不了请早些退出，好找人顶替。")
    return redirect("volunteers:shift", shift_id) if given else redirect("volunteers:call", one.call_id)


@signed_in
@require_POST
def give_back(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """A place is given back."""
    viewer = viewer_of(request)
    try:
        row = withdraw(by=viewer, sign_up_id=sign_up_id, why=text(request.POST, "why"))
    except (BadInput, RuleBroken) as error:
        known = shifts.sign_ups_for(viewer).get(pk=sign_up_id)
        return shown(request, known.shift.call_id, errors_of(error))
    messages.success(request, "已退出，名额让出来了。" + ("已请合适的人顶替。" if row.is_late else ""))
    return redirect("volunteers:call", shifts.shift_for(viewer, row.shift_id).call_id)


@signed_in
@require_POST
def places(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Another number of places."""
    try:
        change_places(by=viewer_of(request), shift_id=shift_id, capacity=whole(request.POST, "capacity", "名额"))
    except (BadInput, RuleBroken) as error:
        return _shift(request, shift_id, errors_of(error))
    messages.success(request, "名额已改。")
    return redirect("volunteers:shift", shift_id)


@signed_in
@require_POST
def cancel(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """The shift does not take place."""
    try:
        row = cancel_shift(by=viewer_of(request), shift_id=shift_id, why=text(request.POST, "why"))
    except (BadInput, RuleBroken) as error:
        return _shift(request, shift_id, errors_of(error))
    messages.success(request, "已取消，报了名的人都收到了消息。")
    return redirect("volunteers:call", row.call_id)


@signed_in
@require_POST
def ask(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Suitable volunteers are asked, who served least first."""
    told = ask_for_help(by=viewer_of(request), shift_id=shift_id)
    messages.success(request, f"已请 {told} 位志愿者帮忙。" if told else "没有还能请的人：合适的都问过了，或没有账号。")
    return redirect("volunteers:shift", shift_id)
