"""The wall of open wishes: for everybody, for printing, and one wish with its form to claim it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fuhui.domains.wishes.actions.claiming import claim_wish
from fuhui.domains.wishes.actions.publishing import publish_wish
from fuhui.domains.wishes.permissions import may_claim
from fuhui.domains.wishes.queries import came_true, live_claim, unit_choices, wall, wall_wish
from fuhui.domains.wishes.rules.wish import CEILING_YUAN
from fuhui.domains.wishes.web.forms import CLAIMERS, KINDS, WHOM, claim_in, context, wish_in, wisher_in, with_first
from fuhui.domains.wishes.web.shapes import card
from fuhui.registry.places.web.desk import Sent, request_key_in, typed
from fuhui.registry.places.web.entry import errors_of
from fuhui.registry.places.web.residents import Caller, calling
from fuhui.shared.errors import PeopleError
from fuhui.shared.ui.format import day, today

PAGE = 30


@require_GET
def wall_page(request: HttpRequest, code: str) -> HttpResponse:
    """Open wishes, and below what came true."""
    with calling(request, code) as caller:
        before = request.GET.get("before", "")
        found = wall(caller.viewer, caller.community.id, limit=PAGE + 1, before=_key(before))
        return render(request, "wishes/wall.html", {
            "community": caller.community, "code": code, "cards": [card(one, code) for one in found[:PAGE]],
            "next": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "", "is_later": bool(before),
            "done": [] if before else [card(one, code) for one in came_true(caller.viewer, caller.community.id)],
        })


@require_GET
def print_page(request: HttpRequest, code: str) -> HttpResponse:
    """The wall on paper: every open wish with the QR code of its page."""
    with calling(request, code) as caller:
        cards = [card(one, code) for one in wall(caller.viewer, caller.community.id, limit=200)]
        for one in cards:
            address = request.build_absolute_uri(one["href"])
            one["qr"] = segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff", dark="#000")
        return render(request, "wishes/print.html", {
            "community": caller.community, "code": code, "cards": cards, "day": day(today()),
        })


@require_http_methods(["GET", "POST"])
def wish_page(request: HttpRequest, code: str, wish_id: UUID) -> HttpResponse:
    """One wish; with the form that claims it."""
    with calling(request, code) as caller:
        if request.method == "GET":
            return _show(request, caller, wish_id)
        try:
            claim_wish(by=caller.viewer, wish_id=wish_id, claim=claim_in(request.POST, is_self=True),
                       request_key=request_key_in(request.POST))
        except PeopleError as error:
            return _show(request, caller, wish_id, Sent(typed(request), errors_of(error)), status=error.status)
        messages.success(request, "认领好了，谢谢您！请在七天内送到，送到后在这里点“已送到”。")
        return redirect("wishes:mine")


def _show(
    request: HttpRequest, caller: Caller, wish_id: UUID, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    wish = wall_wish(caller.viewer, caller.community.id, wish_id)
    code = caller.community.region_id
    shown: dict[str, Any] = {
        "wish": card(wish, code), "community": caller.community, "code": code, "parts": wish.parts,
        "decision": may_claim(caller.viewer, wish), "mine": live_claim(caller.viewer, wish), "claimers": CLAIMERS,
        "is_signed_in": caller.viewer.is_signed_in, "next": request.path,
        "units": with_first(unit_choices(caller.viewer, caller.community.id), "不在列表里"),
    }
    return render(request, "wishes/wish.html", shown | context(sent, claimer="person"), status=status)


@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest, code: str) -> HttpResponse:
    """A resident's own wish, with an account or without."""
    with calling(request, code) as caller:
        if request.method == "GET":
            return _form(request, caller)
        viewer = caller.viewer
        try:
            publish_wish(by=viewer, community_id=caller.community.id, wish=wish_in(request.POST),
                         wisher=wisher_in(request.POST, is_self=viewer.is_signed_in),
                         request_key=request_key_in(request.POST))
        except PeopleError as error:
            return _form(request, caller, Sent(typed(request), errors_of(error)), status=error.status)
        messages.success(request, "心愿收到了。工作人员看过以后就会上墙，墙上不写您的姓名。")
        return redirect("wishes:mine") if viewer.is_signed_in else redirect("wishes:wall", code=code)


def _form(request: HttpRequest, caller: Caller, sent: Sent | None = None, *, status: int = 200) -> HttpResponse:
    shown = {
        "community": caller.community, "code": caller.community.region_id, "kinds": KINDS, "whom": WHOM,
        "ceiling": CEILING_YUAN, "is_signed_in": caller.viewer.is_signed_in, "name": caller.viewer.name,
        "action": request.path,
    }
    return render(request, "wishes/new.html", shown | context(sent), status=status)


def _key(words: str) -> UUID | None:
    try:
        return UUID(words) if words else None
    except ValueError:
        return None
