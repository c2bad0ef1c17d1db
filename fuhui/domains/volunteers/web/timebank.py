"""The time bank: the office's overview, a statement, requests, and the secretary's rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fuhui.domains.volunteers.actions import timebank as moving
from fuhui.domains.volunteers.actions import timebank_requests as asking
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries import timebank as bank
from fuhui.domains.volunteers.rules.timebank import ASKED_WORDS, KIND_WORDS, Asked, Kind, spoken
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import day, errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.identifiers import new_id
from fuhui.shared.ui.format import day as day_text
from fuhui.shared.ui.format import local
from fuhui.shared.ui.shapes import row
from fuhui.shared.viewers import Role, Viewer

SHOWN = 100


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The overview and the rules for the office; for others their own account and who needs help."""
    viewer, community = viewer_of(request), chosen_community(request)
    return _home(request, viewer, community.id)


def _home(request: HttpRequest, viewer: Viewer, community: UUID, error: PeopleError | None = None) -> HttpResponse:
    office, rules = is_office(viewer, community), bank.settings_of(community)
    seen = bank.accounts_for(viewer).filter(community_id=community, holder__in=["person", "household"])
    glance = bank.overview(viewer, community) if office else None
    return render(request, "volunteers/bank.html", {
        "office": office, "rules": rules, "errors": errors_of(error) if error else {},
        "glance": [(name, spoken(value)) for name, value in
                   (("在账户里", glance.held), ("捐赠池", glance.pool), ("累计存入", glance.issued))] if glance else [],
        "accounts": [row(bank.name_of(one), href=reverse("volunteers:bank-account", args=[one.pk]),
                         meta=spoken(one.balance)) for one in seen.order_by("-balance", "pk")[:SHOWN]],
        "requests": [_request(viewer, one) for one in bank.live_requests(viewer, community)],
        "may_set": viewer.has(Role.SECRETARY, community_id=community), "cap": rules.cap // 60,
        "floor": -rules.floor // 60, "kinds": _kinds(viewer, community), "chosen": rules.kinds,
        "linked": viewer.person_id is not None, "has_own": bank.own_account(viewer, community) is not None,
    }, status=error.status if error else 200)


def _request(viewer: Viewer, one: Any) -> dict[str, Any]:
    may = moving.may_spend(viewer, one.account)
    office = is_office(viewer, one.community_id)
    mine = one.volunteer is not None and one.volunteer.person_id == viewer.person_id
    return {
        "id": one.pk, "words": one.words, "name": bank.name_of(one.account), "when": day_text(one.wanted_on),
        "long": spoken(one.minutes), "minutes": one.minutes, "state": ASKED_WORDS[Asked(one.state)],
        "helper": one.volunteer.person.name if one.volunteer else "",
        "accept": one.state == Asked.OPEN and not may and viewer.person_id is not None,
        "confirm": one.state == Asked.ACCEPTED and (may or office) and not mine, "cancel": may or office,
    }


def _kinds(viewer: Viewer, community: UUID) -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in catalogue_for(viewer, community).active]


@signed_in
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A statement that can be printed, with what its holder may do."""
    return _account(request, account_id)


def _account(request: HttpRequest, account_id: UUID, error: PeopleError | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    one = bank.account_for(viewer, account_id)
    lines = bank.postings_of(viewer, account_id)
    return render(request, "volunteers/bank_account.html", {
        "one": one, "name": bank.name_of(one), "balance": spoken(one.balance),
        "errors": errors_of(error) if error else {}, "values": request.POST if error else {},
        "columns": ["日期", "种类", "说明", "时间", "余额"],
        "rows": [[day_text(local(line.entry.at).date()), KIND_WORDS[Kind(line.entry.kind)], line.entry.words,
                  spoken(line.minutes), spoken(line.after)] for line in lines],  # type: ignore[attr-defined]
        "may_spend": moving.may_spend(viewer, one) and one.holder in {"person", "household"},
        "may_draw": is_office(viewer, one.community_id) and one.person_id != viewer.person_id
        and one.holder in {"person", "household"},
        "representatives": [f"{other.person.name}（{other.relation}）" for other in bank.representatives_of(one)],
        "kinds": _kinds(viewer, one.community_id), "key": new_id(), "today": timezone.localdate().isoformat(),
        "as_of": day_text(timezone.localdate()),
    }, status=error.status if error else 200)


@signed_in
@require_POST
def move(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Donate to the pool, draw from it, or ask for help; what was typed comes back with the reason."""
    viewer, post = viewer_of(request), request.POST
    bank.account_for(viewer, account_id)
    try:
        minutes, words = whole(post, "minutes", "时间"), text(post, "words", 100)
        if post.get("do") == "ask":
            wanted = day(post, "wanted_on", "日期")
            if wanted is None:
                raise BadInput("wanted_on", "请选择哪一天。", field="wanted_on")
            asking.ask_help(by=viewer, account_id=account_id, words=words, minutes=minutes, wanted_on=wanted,
                            kind=text(post, "kind", 61))
        elif post.get("do") == "draw":
            moving.draw(by=viewer, to_id=account_id, minutes=minutes, words=words, key=text(post, "key", 60))
        else:
            moving.donate(by=viewer, from_id=account_id, minutes=minutes, words=words, key=text(post, "key", 60))
    except PeopleError as error:
        if error.status not in {403, 409, 422}:
            raise
        return _account(request, account_id, error)
    messages.success(request, "求助已发出，志愿者会看到。" if post.get("do") == "ask" else "已记好。")
    return redirect("volunteers:bank-account", account_id)


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
    """Opens the viewer's own account; the office opens one for the resident it names."""
    viewer, community = viewer_of(request), chosen_community(request).id
    try:
        person = key(request.POST, "person_id", "居民") or viewer.person_id
        made = moving.open_account(by=viewer, community_id=community, person_id=person)
    except PeopleError as error:
        if error.status not in {403, 409, 422}:
            raise
        return _home(request, viewer, community, error)
    return redirect("volunteers:bank-account", made.pk)


@signed_in
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """The secretary's rules."""
    viewer, community, post = viewer_of(request), chosen_community(request).id, request.POST
    try:
        known = {code for code, _ in _kinds(viewer, community)}
        moving.change_rules(by=viewer, community_id=community, rules=moving.BankRules(
            is_open=bool(post.get("is_open")), cap=whole(post, "cap", "上限") * 60,
            floor=-whole(post, "floor", "透支") * 60, rate=whole(post, "rate", "比例"),
            kinds=[one for one in post.getlist("kinds") if one in known]))
    except PeopleError as error:
        if error.status not in {403, 409, 422}:
            raise
        return _home(request, viewer, community, error)
    messages.success(request, "规则已保存。")
    return redirect("volunteers:bank")
