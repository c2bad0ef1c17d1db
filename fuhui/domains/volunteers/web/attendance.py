"""At the place of service: the leader's screen with the changing code, the volunteer's tap, the list by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fuhui.domains.volunteers.actions import attendance as actions
from fuhui.domains.volunteers.codes import code_at, typed
from fuhui.domains.volunteers.permissions import may_plan
from fuhui.domains.volunteers.queries import shifts
from fuhui.domains.volunteers.queries.attendance import own_sign_up
from fuhui.domains.volunteers.rules import attendance as rules
from fuhui.domains.volunteers.rules.attendance import OUTCOME_WORDS, Outcome, Way
from fuhui.registry.places.web.entry import signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, NotFound, PeopleError, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.ui.format import ZONE, clock, when

_GOOD = {Outcome.IN, Outcome.OUT, Outcome.AGAIN}


@never_cache
@signed_in
def code(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """The leader's screen: a QR code and eight digits that change every minute; it reloads itself."""
    viewer = viewer_of(request)
    one = shifts.shift_for(viewer, shift_id)
    may_plan(viewer, one.community_id, one.call.team_id).require()
    now = timezone.now()
    found = code_at(one.pk, now)
    address = request.build_absolute_uri(reverse("volunteers:scan", args=[rules.written(found)]))
    return render(request, "volunteers/code.html", {
        "shift": one, "when": f"{when(one.starts_at)}—{clock(one.ends_at)}",
        "digits": f"{found.seal[:4]} {found.seal[4:]}", "next": rules.STEP - int(now.timestamp()) % rules.STEP + 1,
        "qr": segno.make(address, error="m").svg_data_uri(scale=10, border=4, light="#fff", dark="#000"),
    })


@never_cache
@signed_in
def scan(request: HttpRequest, written: str) -> HttpResponse:
    """Where the QR code leads: one tap notes the coming or the going."""
    viewer = viewer_of(request)
    found = rules.read(written)
    if found is None:
        raise NotFound("code", OUTCOME_WORDS[Outcome.FORGED])
    shifts.shift_for(viewer, found.shift)
    sign_up = own_sign_up(viewer, found.shift)
    one = sign_up.shift if sign_up else None
    return render(request, "volunteers/scan.html", {
        "code": written, "shift": one, "client_uuid": str(new_id()),
        "when": f"{when(one.starts_at)}—{clock(one.ends_at)}" if one else "", "not_signed": OUTCOME_WORDS[
            Outcome.NOT_SIGNED],
    })


@never_cache
@signed_in
def door(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """The volunteer's own page for a shift: the eight digits are typed here, also while there is no network."""
    viewer = viewer_of(request)
    sign_up = own_sign_up(viewer, shift_id)
    if sign_up is None:
        raise NotFound("sign_up", OUTCOME_WORDS[Outcome.NOT_SIGNED])
    one = sign_up.shift
    return render(request, "volunteers/door.html", {
        "shift": one, "when": f"{when(one.starts_at)}—{clock(one.ends_at)}", "client_uuid": str(new_id()),
    })


@signed_in
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """A scan arrives, from a page or from a phone that kept it. Answers JSON to who asks for it."""
    post = request.POST
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    try:
        found = actions.scan(by=viewer_of(request), code=_code(post), client_uuid=_client_uuid(post), at=_at(post))
    except PeopleError as error:
        if wants_json:
            return JsonResponse({"outcome": error.code, "message": error.message}, status=error.status)
        raise
    said = OUTCOME_WORDS[Outcome(found.outcome)]
    if wants_json:
        return JsonResponse({"outcome": found.outcome, "message": said})
    return _answered(request, found, said)


def _answered(request: HttpRequest, found: Any, said: str) -> HttpResponse:
    return render(request, "volunteers/scanned.html", {
        "said": said, "good": found.outcome in _GOOD, "at": when(found.at), "outcome": found.outcome,
    }, status=200 if found.outcome in _GOOD else 409)


def _code(post: Any) -> str:
    """The whole code, or what the eight typed digits stand for around the moment they were typed."""
    whole = text(post, "code", 300)
    if whole:
        return whole
    try:
        shift_id = UUID(text(post, "shift", 40))
    except ValueError:
        return ""
    found = typed(shift_id, text(post, "digits", 20), _at(post) or timezone.now())
    return rules.written(found) if found else ""


def _client_uuid(post: Any) -> UUID:
    try:
        return UUID(text(post, "client_uuid", 40))
    except ValueError:
        return new_id()


def _at(post: Any) -> datetime | None:
    """The phone's moment, in ISO format with a zone; None where none was sent."""
    value = text(post, "at", 40)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadInput("at", "手机时间的格式不对，请刷新页面再试。", field="at") from error
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


@signed_in
@require_POST
def hand(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """The leader's hand: came, went, or was not there."""
    viewer, post = viewer_of(request), request.POST
    known = shifts.sign_ups_for(viewer).filter(pk=sign_up_id).first()
    if known is None:
        raise NotFound("sign_up", "没有找到这次报名，或它不在您的权限范围内。")
    try:
        if post.get("do") == "absent":
            actions.mark_absent(by=viewer, sign_up_id=sign_up_id, why=text(post, "why", 200))
        else:
            way = Way.OUT if post.get("do") == "out" else Way.IN
            actions.mark(by=viewer, sign_up_id=sign_up_id, way=way, at=_clock(post, known.shift.starts_at))
    except (BadInput, RuleBroken) as error:
        messages.error(request, error.message)
        return redirect("volunteers:attendance", known.shift_id)
    messages.success(request, "记下了。")
    return redirect("volunteers:attendance", known.shift_id)


def _clock(post: Any, starts_at: datetime) -> datetime:
    """`14:05` on the day of the shift; now where nothing was typed."""
    value = text(post, "time", 5)
    if not value:
        return timezone.now()
    try:
        hour, minute = map(int, value.split(":"))
        return starts_at.astimezone(ZONE).replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError as error:
        raise BadInput("time", "时间要写成 14:05 这样。", field="time") from error
