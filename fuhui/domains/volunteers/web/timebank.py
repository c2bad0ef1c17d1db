"""The time bank: the office's overview, a statement, requests, and the secretary's rules."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fuhui.domains.volunteers.actions import timebank as moving
from fuhui.domains.volunteers.actions import timebank_requests as asking
from fuhui.domains.volunteers.actions.timebank_catching_up import catch_up
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries import feedback, timebank_older
from fuhui.domains.volunteers.queries import timebank as bank
from fuhui.domains.volunteers.rules.timebank import ASKED_WORDS, Asked, spoken
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import day, errors_of, key, signed_in, viewer_of, whole
from fuhui.shared.errors import BadInput, NotAllowed, PeopleError, RuleBroken
from fuhui.shared.ui.format import day as day_text
from fuhui.shared.ui.shapes import row
from fuhui.shared.viewers import Role, Viewer

SHOWN = 100
FIRST_DAY = date(2000, 1, 1)  # before any service


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The overview and the rules for the office; for others their own account and who needs help."""
    viewer, community = viewer_of(request), chosen_community(request)
    return _home(request, viewer, community.id)


def _home(request: HttpRequest, viewer: Viewer, community: UUID, error: PeopleError | None = None) -> HttpResponse:
    office, rules, own = is_office(viewer, community), bank.settings_of(community), bank.spendable(viewer, community)
    seen = bank.accounts_for(viewer).filter(community_id=community, holder__in=["person", "household"])
    accounts = list(seen.order_by("-balance", "pk")[:SHOWN])
    glance = bank.overview(viewer, community) if office else None
    return render(request, "volunteers/bank.html", {
        "office": office, "rules": rules, "errors": errors_of(error) if error else {},
        "glance": [(name, spoken(value)) for name, value in
                   (("在账户里", glance.held), ("捐赠池", glance.pool), ("累计存入", glance.issued))] if glance else [],
        "pool": reverse("volunteers:bank-account", args=[glance.pool_id]) if glance and glance.pool_id else "",
        "accounts": [_account(viewer, one, one.pk in own) for one in accounts],
        "to_rate": feedback.to_rate(community, own),
        "requests": [_request(viewer, one, one.account_id in own) for one in bank.live_requests(viewer, community)],
        "may_set": viewer.has(Role.SECRETARY, community_id=community), "linked": viewer.person_id is not None,
        "has_own": any(viewer.person_id == one.person_id for one in accounts),
    }, status=error.status if error else 200)


def _account(viewer: Viewer, one: Any, own: bool) -> Any:
    return row(bank.name_of(one), href=reverse("volunteers:bank-account", args=[one.pk]), meta=spoken(one.balance),
               sub="您是代办人" if own and one.person_id != viewer.person_id else "")


def _request(viewer: Viewer, one: Any, may: bool) -> dict[str, Any]:
    office = is_office(viewer, one.community_id)
    mine = one.volunteer is not None and one.volunteer.person_id == viewer.person_id
    return {
        "id": one.pk, "words": one.words, "name": bank.name_of(one.account), "when": day_text(one.wanted_on),
        "long": spoken(one.minutes), "minutes": one.minutes, "state": ASKED_WORDS[Asked(one.state)],
        "helper": one.volunteer.person.name if one.volunteer else "",
        "accept": one.state == Asked.OPEN and not may and viewer.person_id is not None,
        "confirm": one.state == Asked.ACCEPTED and (may or office) and not mine, "cancel": may or office,
    }


def kinds(viewer: Viewer, community: UUID) -> list[tuple[str, str]]:
    """Kinds of service to choose from."""
    return [(kind.code, kind.name) for kind in catalogue_for(viewer, community).active]


@signed_in
@require_POST
def step(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Accept, confirm or cancel a request."""
    viewer, post = viewer_of(request), request.POST
    community = chosen_community(request).id
    try:
        if post.get("do") == "accept":
            asking.accept_request(by=viewer, request_id=request_id)
        elif post.get("do") == "confirm":
            asking.confirm_request(by=viewer, request_id=request_id, minutes=whole(post, "minutes", "时间"))
        else:
            asking.cancel_request(by=viewer, request_id=request_id)
    except PeopleError as error:
        if error.status not in {403, 409, 422}:
            raise
        return _home(request, viewer, community, error)
    messages.success(request, "已记好。")
    return redirect("volunteers:bank")


@signed_in
@require_POST
def open_own(request: HttpRequest) -> HttpResponse:
    """Opens the viewer's own account; the office opens one for the resident or household it names."""
    viewer, community = viewer_of(request), chosen_community(request).id
    try:
        home = key(request.POST, "household_id", "户")
        person = key(request.POST, "person_id", "居民") or (None if home else viewer.person_id)
        made = moving.open_account(by=viewer, community_id=community, person_id=person, household_id=home)
    except PeopleError as error:
        if error.status not in {403, 409, 422}:
            raise
        return _home(request, viewer, community, error)
    return redirect("volunteers:bank-account", made.pk)


@signed_in
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The secretary's rules, and what stands in the book from before the bank took it."""
    viewer, community = viewer_of(request), chosen_community(request).id
    if request.method != "POST":
        return _rules(request, viewer, community)
    post = request.POST
    try:
        known = {code for code, _ in kinds(viewer, community)}
        moving.change_rules(by=viewer, community_id=community, rules=moving.BankRules(
            is_open=bool(post.get("is_open")), cap=whole(post, "cap", "上限") * 60,
            floor=-whole(post, "floor", "透支") * 60, rate=whole(post, "rate", "比例"),
            kinds=[one for one in post.getlist("kinds") if one in known]))
    except (BadInput, RuleBroken) as error:
        return _rules(request, viewer, community, error)
    messages.success(request, "规则已保存。")
    return redirect("volunteers:bank")


def _rules(request: HttpRequest, viewer: Viewer, community: UUID, error: PeopleError | None = None) -> HttpResponse:
    if not viewer.has(Role.SECRETARY, community_id=community):
        raise NotAllowed("bank_rules", "时间银行的规则由社区书记设定，请把想法告诉书记。")
    saved, post = bank.settings_of(community), request.POST
    typed = error is not None and "cap" in post
    values = {name: post.get(name, "") for name in ("is_open", "cap", "floor", "rate")} if typed else {
        "is_open": "on" if saved.is_open else "", "cap": saved.cap // 60, "floor": -saved.floor // 60,
        "rate": saved.rate}
    found = timebank_older.older(saved, FIRST_DAY)
    return render(request, "volunteers/bank_rules.html", {
        "values": values, "kinds": kinds(viewer, community), "errors": errors_of(error) if error else {},
        "chosen": post.getlist("kinds") if typed else saved.kinds,
        "older": {"records": found.records, "long": spoken(found.minutes)} if found.records else None,
    }, status=error.status if error else 200)


@signed_in
@require_POST
def older(request: HttpRequest) -> HttpResponse:
    """Stores services that were in the book before the bank took them, the oldest hundred at a time."""
    viewer, community = viewer_of(request), chosen_community(request).id
    try:
        done = catch_up(by=viewer, community_id=community, since=day(request.POST, "since", "日期") or FIRST_DAY)
    except (BadInput, RuleBroken) as error:
        return _rules(request, viewer, community, error)
    left = f"还有 {done.left} 次，再点一次接着存。" if done.left else "都存好了。"
    messages.success(request, f"补存了 {done.records} 次服务，{left}")
    return redirect("volunteers:bank-rules")
