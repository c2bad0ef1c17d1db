"""The desk's pages: what waits for a look, who holds what, and writing down for those who cannot."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fuhui.domains.wishes.actions import claiming, fulfilling, publishing
from fuhui.domains.wishes.permissions import (
    may_act_on_claim,
    may_claim,
    may_confirm,
    may_moderate,
    may_thank,
    may_withdraw,
)
from fuhui.domains.wishes.queries import (
    TABS,
    WishRecord,
    claimer_words,
    counts_for,
    giver,
    residents_with_phone,
    service_choices,
    unit_choices,
    wish_for,
    wish_of_claim,
    wishes_for,
)
from fuhui.domains.wishes.rules.wish import CEILING_YUAN, FOR_WHOM, KIND_NAMES, Kind
from fuhui.domains.wishes.web.forms import CLAIMERS, KINDS, WHOM, claim_in, context, wish_in, wisher_in, with_first
from fuhui.domains.wishes.web.shapes import claim_facts, desk_row, photo, state_words, steps, value_words
from fuhui.registry.places.queries import code_of_community, grids_for
from fuhui.registry.places.web.desk import Deed, Sent, desk_community, do_one, number, request_key_in, typed
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import NotFound, PeopleError
from fuhui.shared.ui.shapes import chip, options
from fuhui.shared.viewers import Viewer

PAGE = 50
ELSEWHERE = "您的心愿和认领在“心愿”里。"


@require_GET
@signed_in
def desk_page(request: HttpRequest) -> HttpResponse:
    """Wishes under five tabs; the first is what waits for a look."""
    viewer, community = viewer_of(request), desk_community(request, ELSEWHERE)
    tab = request.GET.get("tab", "pending")
    counts = counts_for(viewer, community)
    return render(request, "wishes/desk.html", {
        "rows": [desk_row(one) for one in wishes_for(viewer, community, tab)[:PAGE]],
        "chips": [chip(name, f"?tab={code}&community={community}", on=code == tab, count=str(counts[code] or ""))
                  for code, name, _ in TABS],
        "code": code_of_community(community), "community": community,
    })


@require_http_methods(["GET", "POST"])
@signed_in
def enter_page(request: HttpRequest) -> HttpResponse:
    """A wish written down for somebody who cannot."""
    viewer, community = viewer_of(request), desk_community(request, ELSEWHERE)
    if request.method == "GET":
        return _entry(request, viewer, community)
    try:
        wish = publishing.publish_wish(
            by=viewer, community_id=community, wish=wish_in(request.POST),
            wisher=wisher_in(request.POST, is_self=False), request_key=request_key_in(request.POST),
        )
    except PeopleError as error:
        return _entry(request, viewer, community, Sent(typed(request), errors_of(error)), status=error.status)
    messages.success(request, "登记好了，请另一位工作人员审核后上墙。")
    return redirect("wishes:record", wish_id=wish.pk)


def _entry(
    request: HttpRequest, viewer: Viewer, community: UUID, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    phone = (sent.values if sent else request.GET).get("phone", "")
    shown = {
        "kinds": KINDS, "whom": WHOM, "ceiling": CEILING_YUAN, "community": community, "action": request.path,
        "grids": [(str(one.pk), one.name) for one in grids_for(viewer, community)],
        "people": with_first(residents_with_phone(viewer, community, phone), "不选") if phone else [],
    }
    return render(request, "wishes/enter.html", shown | context(sent), status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def record_page(request: HttpRequest, wish_id: UUID) -> HttpResponse:
    """One wish with everything that can be done with it now; `do` names the deed."""
    viewer = viewer_of(request)
    if request.method == "GET":
        return _record(request, viewer, wish_id)
    wish_for(viewer, wish_id)
    show = lambda sent, status: _record(request, viewer, wish_id, sent, status=status)  # noqa: E731
    return do_one(request, wish_id, DEEDS, show, "wishes:record")


@require_GET
@signed_in
def claim_page(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Leads from a record of the book to the wish that it came from."""
    return redirect("wishes:record", wish_id=wish_of_claim(viewer_of(request), claim_id))


@require_http_methods(["POST"])
@signed_in
def contact_page(request: HttpRequest, wish_id: UUID) -> HttpResponse:
    """Who wished; the look is written down."""
    viewer = viewer_of(request)
    name, phone = publishing.reveal_contact(by=viewer, wish_id=wish_id)
    return _record(request, viewer, wish_id, contact={"name": name, "phone": phone})


def _record(
    request: HttpRequest, viewer: Viewer, wish_id: UUID, sent: Sent | None = None, *,
    contact: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:
    record = wish_for(viewer, wish_id)
    wish, phone = record.wish, request.GET.get("phone", "")
    shown: dict[str, Any] = {
        "wish": wish, "value": value_words(wish), "state": state_words(wish), "steps": steps(record),
        "contact": contact, "photo": photo(wish),
        "whom": FOR_WHOM[wish.for_whom], "kind": KIND_NAMES[Kind(wish.kind)], "left": wish.parts - wish.pledged,
        "moderate": may_moderate(viewer, wish), "may_withdraw": may_withdraw(viewer, wish).allowed,
        "may_claim": may_claim(viewer, wish).allowed, "may_thank": may_thank(viewer, wish).allowed,
        "services": options(service_choices(viewer, wish.community_id)), "claimers": CLAIMERS,
        "units": with_first(unit_choices(viewer, wish.community_id), "不选"),
        "people": with_first(residents_with_phone(viewer, wish.community_id, phone), "不选") if phone else [],
        "phone": phone, "claims": [_claim(viewer, record, one) for one in record.claims],
        "wall": reverse("wishes:wall", args=[code_of_community(wish.community_id)]),
    }
    first = {"title": wish.title, "text": wish.text, "value_yuan": str(wish.value_yuan),
             "service_code": wish.service_code, "minutes": "30", "claimer": "person"}
    return render(request, "wishes/record.html", shown | context(sent, **first), status=status)


def _claim(viewer: Viewer, record: WishRecord, claim: Any) -> dict[str, Any]:
    is_known = giver(claim) is not None
    return claim_facts(claim) | {
        "who": claimer_words(claim, is_public=False), "phone": claim.phone or "", "is_known": is_known,
        "may_act": may_act_on_claim(viewer, record.wish, claim).allowed,
        "confirm": may_confirm(viewer, record.wish, claim, is_known=is_known),
        "is_moving": claim.state in {"live", "delivered"},
    }


def _approve(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    post = request.POST
    publishing.approve_wish(by=by, wish_id=wish_id, title=text(post, "title", 2000), text=text(post, "text", 5000),
                            service_code=text(post, "service_code"),
                            value_yuan=number(post, "value_yuan", "大约多少元", "0"))
    return "已经上墙，大家可以认领了。"


def _refuse(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    publishing.refuse_wish(by=by, wish_id=wish_id, reason=text(request.POST, "reason", 2000))
    return "已告诉许愿人没有通过的原因。"


def _withdraw(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    publishing.withdraw_wish(by=by, wish_id=wish_id, reason=text(request.POST, "reason", 2000))
    return "已经撤下。"


def _claim_for(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    is_self = request.POST.get("whose") == "self"
    claiming.claim_wish(by=by, wish_id=wish_id, claim=claim_in(request.POST, is_self=is_self),
                        request_key=request_key_in(request.POST))
    return "认领已登记，七天内送到。"


def _name(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    claiming.name_claimer(by=by, claim_id=_claim_in(request), person=key(request.POST, "person", "居民"),
                          organisation=key(request.POST, "organisation", "组织"))
    return "认领人核对好了。"


def _deliver(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    post = request.POST
    fulfilling.deliver_claim(by=by, claim_id=_claim_in(request), minutes=number(post, "minutes", "用时", "0"),
                             note=text(post, "note", 2000))
    return "记下了，请许愿人或另一位工作人员确认。"


def _return(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    claiming.return_claim(by=by, claim_id=_claim_in(request), reason=text(request.POST, "reason", 2000))
    return "认领已放弃，心愿回到墙上了。"


def _confirm(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    fulfilling.confirm_claim(by=by, claim_id=_claim_in(request))
    return "已确认实现，记入了服务台账。"


def _thank(request: HttpRequest, by: Viewer, wish_id: UUID) -> str:
    post = request.POST
    fulfilling.thank(by=by, wish_id=wish_id, words=text(post, "words", 2000), is_shown=bool(post.get("is_shown")),
                     upload=request.FILES.get("photo"))
    return "感谢已转告认领人。"


def _claim_in(request: HttpRequest) -> UUID:
    found = key(request.POST, "claim", "认领")
    if found is None:
        raise NotFound("claim", "没有找到这次认领，请在页面上重新选择。")
    return found


DEEDS: dict[str, Deed] = {
    "approve": _approve, "refuse": _refuse, "withdraw": _withdraw, "claim": _claim_for, "name": _name,
    "deliver": _deliver, "return": _return, "confirm": _confirm, "thank": _thank,
}
