"""Pages for residents: what is on, the sign-up by QR without an account, the ticket, my activities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from fuhui.domains.activities.actions.afterwards import give_feedback
from fuhui.domains.activities.actions.exhibiting import vote
from fuhui.domains.activities.actions.signing import accept_offer, leave, sign_up
from fuhui.domains.activities.permissions import may_sign_up, may_vote
from fuhui.domains.activities.queries import (
    coming,
    is_present,
    my_signups,
    place_in_line,
    public_activity,
    signup_for,
)
from fuhui.domains.activities.rules.activity import MOST_HEADS, SIGN_NAMES, Kind, SignState, State
from fuhui.domains.activities.tickets import read_ticket
from fuhui.domains.activities.web.after import own_feedback, public_photos, works
from fuhui.domains.activities.web.calendars import own_address
from fuhui.domains.activities.web.forms import party_in
from fuhui.domains.activities.web.shapes import TONES, facts, my_row, public_row, ticket_address
from fuhui.domains.activities.web.sports import compete, own_contests
from fuhui.registry.places.queries import code_of_community
from fuhui.registry.places.web.desk import Sent, context, number, request_key_in, typed
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.registry.places.web.residents import Caller, calling, large_by_default
from fuhui.shared.errors import NotFound, PeopleError
from fuhui.shared.ui.format import when

VOTED = "投好了，谢谢您。"
STARS = [(str(count), "★" * count) for count in range(5, 0, -1)]


@require_GET
def list_page(request: HttpRequest, code: str) -> HttpResponse:
    """What is on, soonest first."""
    with calling(request, code) as caller:
        found = coming(caller.viewer, caller.community.id, timezone.now())
        return render(request, "activities/list.html", {
            "community": caller.community, "code": code, "rows": [public_row(one, code) for one in found],
            "is_signed_in": caller.viewer.is_signed_in,
        })


@require_http_methods(["GET", "POST"])
def activity_page(request: HttpRequest, code: str, activity_id: UUID) -> HttpResponse:
    """One activity with its sign-up: a name, a phone, how many. This is where the poster's QR code leads."""
    with calling(request, code) as caller:
        if request.method == "GET":
            return _show(request, caller, activity_id)
        public_activity(caller.viewer, caller.community.id, activity_id)
        if request.POST.get("do") == "vote":
            return _vote(request, caller, activity_id)
        try:
            signup = sign_up(by=caller.viewer, activity_id=activity_id, party=party_in(request.POST),
                             request_key=request_key_in(request.POST))
        except PeopleError as error:
            return _show(request, caller, activity_id, Sent(typed(request), errors_of(error)), status=error.status)
        return redirect(ticket_address(signup) + "?new=1")


def _vote(request: HttpRequest, caller: Caller, activity_id: UUID) -> HttpResponse:
    try:
        vote(by=caller.viewer, activity_id=activity_id, work_id=_work_in(request))
    except PeopleError as error:
        return _show(request, caller, activity_id, Sent(typed(request), errors_of(error)), status=error.status)
    messages.success(request, VOTED)
    return redirect(request.path)


def _work_in(request: HttpRequest) -> UUID:
    work = key(request.POST, "work", "作品")
    if work is None:
        raise NotFound("work", "请选择一件作品。")
    return work


def _show(
    request: HttpRequest, caller: Caller, activity_id: UUID, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    activity = public_activity(caller.viewer, caller.community.id, activity_id)
    shown = {
        "activity": facts(activity), "community": caller.community, "code": caller.community.region_id,
        "decision": may_sign_up(activity, timezone.now()), "is_signed_in": caller.viewer.is_signed_in,
        "most": MOST_HEADS, "is_full": activity.taken >= activity.capacity, "photos": public_photos(activity),
        "works": works(activity), "vote": may_vote(caller.viewer, activity, timezone.now(), has_ticket=False),
        "is_sports": activity.kind == Kind.SPORTS,
    }
    return render(request, "activities/activity.html",
                  shown | context(sent, heads="1", name=caller.viewer.name), status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def ticket_page(request: HttpRequest, token: str) -> HttpResponse:
    """The ticket: shown at the door, and where places are taken or given back. Whoever holds it may do so."""
    ticket = read_ticket(token)
    with calling(request, ticket.community_id) as caller:
        signup = signup_for(caller.viewer, ticket.community_id, ticket.signup_id)
        if request.method == "GET":
            return _ticket(request, caller, signup)
        try:
            said = _deed(request, caller, signup.activity_id, signup.pk)
        except PeopleError as error:
            signup = signup_for(caller.viewer, ticket.community_id, ticket.signup_id)
            return _ticket(request, caller, signup, errors_of(error), status=error.status)
        messages.success(request, said)
        return redirect(request.path)


def _deed(request: HttpRequest, caller: Caller, activity_id: UUID, signup_id: UUID) -> str:
    """What the holder of the ticket does, and what is said to it."""
    what = request.POST.get("do", "")
    if what == "feedback":
        stars = number(request.POST, "stars", "几颗星") if request.POST.get("stars") else 0
        give_feedback(by=caller.viewer, activity_id=activity_id, signup_id=signup_id, stars=stars,
                      words=text(request.POST, "words", 2000))
        return "评价收到了，谢谢您。"
    if what == "vote":
        vote(by=caller.viewer, activity_id=activity_id, work_id=_work_in(request), signup_id=signup_id)
        return VOTED
    if what in {"enter", "enter_team", "withdraw"}:
        return compete(request, caller.viewer, activity_id, signup_id)
    deed = {"leave": leave, "accept": accept_offer}.get(what)
    if deed is None:
        raise NotFound("deed", "没有这一步，请在页面上重新选择。")
    deed(by=caller.viewer, activity_id=activity_id, signup_id=signup_id, by_ticket=True)
    return "已经取消报名，谢谢您告诉我们。" if deed is leave else "确认好了，到时候见。"


def _ticket(
    request: HttpRequest, caller: Caller, signup: Any, errors: dict[str, str] | None = None, *, status: int = 200,
) -> HttpResponse:
    state, is_off = SignState(signup.state), signup.activity.state == State.CANCELLED
    address, is_there = request.build_absolute_uri(request.path), is_present(signup)
    return render(request, "activities/ticket.html", {
        "activity": facts(signup.activity), "community": caller.community, "code": caller.community.region_id,
        "name": signup.name, "heads": signup.heads, "state": SIGN_NAMES[state], "tone": TONES.get(state, "neutral"),
        "sign": state.value, "is_off": is_off, "is_new": bool(request.GET.get("new")), "errors": errors or {},
        "line": place_in_line(signup) if state == SignState.WAITING else 0, "until": when(signup.offered_until),
        "is_present": is_there, "link": address, "entered": typed(request),
        "stars": own_feedback(signup) if is_there else "", "star_options": STARS, "works": works(signup.activity),
        **own_contests(signup),
        "vote": may_vote(caller.viewer, signup.activity, timezone.now(), has_ticket=True),
        "may_leave": state in {SignState.CONFIRMED, SignState.WAITING, SignState.OFFERED} and not is_off,
        "qr": segno.make(address, error="m").svg_data_uri(scale=6, border=3, light="#fff", dark="#000"),
    }, status=status)


@require_GET
@signed_in
def mine_page(request: HttpRequest) -> HttpResponse:
    """What I signed up for."""
    large_by_default(request)
    viewer = viewer_of(request)
    code = code_of_community(viewer.communities[0]) if viewer.communities else ""
    return render(request, "activities/mine.html", {
        "rows": [my_row(one) for one in my_signups(viewer)], "code": code, "feed": own_address(request, viewer),
    })
