"""My wishes and my claims: what I do next with each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fuhui.domains.wishes.actions.claiming import return_claim
from fuhui.domains.wishes.actions.fulfilling import confirm_claim, deliver_claim, thank
from fuhui.domains.wishes.actions.publishing import withdraw_wish
from fuhui.domains.wishes.permissions import may_confirm, may_thank, may_withdraw
from fuhui.domains.wishes.queries import WishRecord, claimer_words, giver, my_claims, my_wishes
from fuhui.domains.wishes.web.shapes import claim_facts, state_words, steps
from fuhui.registry.places.queries import code_of_community
from fuhui.registry.places.web.desk import number, typed
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of
from fuhui.registry.places.web.residents import large_by_default
from fuhui.shared.errors import NotFound, PeopleError
from fuhui.shared.viewers import Viewer

UNKNOWN = "没有这一步，请在页面上重新选择。"


@require_http_methods(["GET"])
@signed_in
def mine_page(request: HttpRequest) -> HttpResponse:
    """Both lists."""
    return _show(request)


@require_POST
@signed_in
def my_claim(request: HttpRequest, claim_id: UUID, deed: str) -> HttpResponse:
    """What a claimer or a wisher does with a claim: deliver, return, confirm."""
    by, post = viewer_of(request), request.POST
    try:
        if deed == "deliver":
            deliver_claim(by=by, claim_id=claim_id, minutes=number(post, "minutes", "用时", "0"),
                          note=text(post, "note", 2000))
            said = "记下了。许愿人或社区确认以后，就记入服务台账。"
        elif deed == "return":
            return_claim(by=by, claim_id=claim_id, reason=text(post, "reason", 2000))
            said = "已经放弃认领，心愿回到墙上了。"
        elif deed == "confirm":
            confirm_claim(by=by, claim_id=claim_id)
            said = "太好了，心愿实现了！您愿意的话，可以写一句感谢。"
        else:
            raise NotFound("deed", UNKNOWN)
    except PeopleError as error:
        return _show(request, {str(claim_id): errors_of(error) | {"": error.message}}, status=error.status)
    messages.success(request, said)
    return redirect("wishes:mine")


@require_POST
@signed_in
def my_wish(request: HttpRequest, wish_id: UUID, deed: str) -> HttpResponse:
    """What a wisher does with the wish: thank, withdraw."""
    by, post = viewer_of(request), request.POST
    try:
        if deed == "thank":
            thank(by=by, wish_id=wish_id, words=text(post, "words", 2000), is_shown=bool(post.get("is_shown")),
                  upload=request.FILES.get("photo"))
            said = "感谢已经转告。"
        elif deed == "withdraw":
            withdraw_wish(by=by, wish_id=wish_id, reason=text(post, "reason", 2000))
            said = "心愿已经撤下。"
        else:
            raise NotFound("deed", UNKNOWN)
    except PeopleError as error:
        return _show(request, {str(wish_id): errors_of(error) | {"": error.message}}, status=error.status)
    messages.success(request, said)
    return redirect("wishes:mine")


def _show(request: HttpRequest, faults: dict[str, dict[str, str]] | None = None, *, status: int = 200) -> HttpResponse:
    large_by_default(request)
    viewer, wrong = viewer_of(request), faults or {}
    return render(request, "wishes/mine.html", {
        "wishes": [_wish(viewer, one, wrong) for one in my_wishes(viewer)],
        "claims": [_claim(one, wrong) for one in my_claims(viewer)],
        "entered": typed(request), "faults": [one[""] for one in wrong.values()],
        "code": code_of_community(viewer.communities[0]) if viewer.communities else "",
    }, status=status)


def _wish(viewer: Viewer, record: WishRecord, wrong: dict[str, Any]) -> dict[str, Any]:
    wish = record.wish
    return {
        "id": str(wish.pk), "title": wish.title, "state": state_words(wish), "steps": steps(record),
        "reason": wish.reason, "thanks": wish.thanks, "errors": wrong.get(str(wish.pk), {}),
        "may_thank": may_thank(viewer, wish).allowed and not wish.thanks,
        "may_withdraw": may_withdraw(viewer, wish).allowed,
        "claims": [_to_confirm(viewer, wish, claim) for claim in record.claims if claim.state == "delivered"],
    }


def _to_confirm(viewer: Viewer, wish: Any, claim: Any) -> dict[str, Any]:
    decision = may_confirm(viewer, wish, claim, is_known=giver(claim) is not None)
    return claim_facts(claim) | {"who": claimer_words(claim), "decision": decision}


def _claim(claim: Any, wrong: dict[str, Any]) -> dict[str, Any]:
    return claim_facts(claim) | {"title": claim.wish.title, "errors": wrong.get(str(claim.pk), {})}
