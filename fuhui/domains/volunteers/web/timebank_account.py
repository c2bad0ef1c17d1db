"""One time account: its statement, giving, donating and asking, who acts for the holder, and one movement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fuhui.domains.volunteers.actions import timebank as moving
from fuhui.domains.volunteers.actions import timebank_people as acting_for
from fuhui.domains.volunteers.actions import timebank_requests as asking
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries import timebank as bank
from fuhui.domains.volunteers.rules.timebank import KIND_WORDS, Kind, spoken
from fuhui.domains.volunteers.web.timebank import kinds
from fuhui.registry.people.queries import people_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import day, errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, NotAllowed, PeopleError
from fuhui.shared.identifiers import new_id
from fuhui.shared.ui.format import day as day_text
from fuhui.shared.ui.format import local, when
from fuhui.shared.ui.shapes import cell
from fuhui.shared.viewers import Role, Viewer

_HOLDERS = {"person", "household"}
_SAID = {"ask": "求助已发出，志愿者会看到。", "gift": "已送出。", "donate": "已捐入捐赠池，谢谢。", "draw": "已帮扶。"}


@signed_in
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A statement that can be printed, with what its holder may do."""
    viewer = viewer_of(request)
    one = bank.account_for(viewer, account_id)
    errors: dict[str, str] = {}
    try:
        since, until = day(request.GET, "since", "开始日期"), day(request.GET, "until", "结束日期")
    except BadInput as error:
        since, until, errors = None, None, errors_of(error)
    until = until or timezone.localdate()
    shown = bank.statement(one, since, until)
    return render(request, "volunteers/bank_account.html", {
        "one": one, "name": bank.name_of(one), "balance": spoken(one.balance), "errors": errors,
        "columns": ["日期", "种类", "对方", "说明", "#变动", "#余额"], "rows": [_line(line) for line in shown.lines],
        "sums": [(name, spoken(minutes)) for name, minutes in (
            ("期初", shown.opening), ("收入", shown.came), ("支出", shown.went), ("期末", shown.closing))],
        "is_whole": shown.is_whole, "since": since.isoformat() if since else "", "until": until.isoformat(),
        "may": _may(viewer, one), "representatives": _acting(viewer, one), "as_of": day_text(timezone.localdate()),
    }, status=422 if errors else 200)


def _line(line: bank.Line) -> list[Any]:
    entry = line.posting.entry
    return [day_text(local(entry.at).date()), cell(KIND_WORDS[Kind(entry.kind)],
            href=reverse("volunteers:bank-entry", args=[entry.pk])), line.others, entry.words,
            spoken(line.posting.minutes), spoken(line.after)]


def _may(viewer: Viewer, one: Any) -> dict[str, bool]:
    holds = one.holder in _HOLDERS
    spends, office = holds and moving.may_spend(viewer, one), holds and is_office(viewer, one.community_id)
    return {"gift": spends, "donate": spends, "ask": spends or office,
            "draw": office and (viewer.person_id is None or one.person_id != viewer.person_id),
            "name": holds and acting_for.may_name(viewer, one)}


def _acting(viewer: Viewer, one: Any) -> list[dict[str, Any]]:
    may = acting_for.may_name(viewer, one)
    return [{"id": other.pk, "name": other.person.name, "relation": other.relation, "since": day_text(other.since),
             "may_end": may or other.person_id == viewer.person_id} for other in bank.representatives_of(one)]


@signed_in
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Ask for help, give to somebody, donate to the pool, draw from it; what was typed comes back with the reason."""
    viewer = viewer_of(request)
    one = bank.account_for(viewer, account_id)
    do = request.POST.get("do") or request.GET.get("do", "")
    if do not in _SAID:
        raise Http404
    if not _may(viewer, one)[do]:
        raise NotAllowed("bank_spend", "这个账户的时间由本人或代办人使用；捐赠池由社区工作者帮扶给别人。")
    if request.method == "POST":
        try:
            _move(viewer, one, do, request.POST)
        except PeopleError as error:
            if error.status not in {403, 409, 422}:
                raise
            return _move_form(request, one, do, error)
        messages.success(request, _SAID[do])
        return redirect("volunteers:bank-account", account_id)
    return _move_form(request, one, do, None)


def _move(viewer: Viewer, one: Any, do: str, post: Any) -> None:
    minutes, words, once = whole(post, "minutes", "时间"), text(post, "words", 100), text(post, "key", 60)
    if do == "ask":
        wanted = day(post, "wanted_on", "日期")
        if wanted is None:
            raise BadInput("wanted_on", "请选择哪一天。", field="wanted_on")
        asking.ask_help(by=viewer, account_id=one.pk, words=words, minutes=minutes, wanted_on=wanted,
                        kind=text(post, "kind", 61))
    elif do == "draw":
        moving.draw(by=viewer, to_id=one.pk, minutes=minutes, words=words, key=once)
    elif do == "gift":
        to = bank.holder_named(viewer, one.community_id, text(post, "name", 30), text(post, "tail", 4))
        moving.give(by=viewer, from_id=one.pk, to_id=to.pk, minutes=minutes, words=words, key=once)
    else:
        moving.donate(by=viewer, from_id=one.pk, minutes=minutes, words=words, key=once)


def _move_form(request: HttpRequest, one: Any, do: str, error: PeopleError | None) -> HttpResponse:
    return render(request, "volunteers/bank_move.html", {
        "one": one, "do": do, "name": bank.name_of(one), "balance": spoken(one.balance),
        "errors": errors_of(error) if error else {}, "values": request.POST,
        "kinds": kinds(viewer_of(request), one.community_id) if do == "ask" else [],
        # A form that came back keeps its key: pressed twice, it moves once.
        "key": request.POST.get("key") or new_id(), "today": timezone.localdate().isoformat(),
    }, status=error.status if error else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def representatives(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Names who acts for the holder: the office looks the resident up, the holder writes name and last four digits."""
    viewer = viewer_of(request)
    one = bank.account_for(viewer, account_id)
    if not acting_for.may_name(viewer, one):
        raise NotAllowed("bank_name", "代办人由本人或社区工作者指定。")
    office, error, words = is_office(viewer, one.community_id), None, text(request.GET, "q", 30)
    if request.method == "POST":
        try:
            _name(viewer, one, request.POST, office)
        except PeopleError as found:
            if found.status not in {403, 404, 409, 422}:
                raise
            error, words = found, request.POST.get("q", "")[:30]
        else:
            messages.success(request, "代办人已记好，可以替本人求助、赠送和确认。")
            return redirect("volunteers:bank-account", account_id)
    people = people_for(viewer, community_id=one.community_id, words=words, limit=20).people if office and words else []
    return render(request, "volunteers/bank_representatives.html", {
        "one": one, "name": bank.name_of(one), "office": office, "q": words, "values": request.POST,
        "people": [(str(each.pk), each.name, known_by(each)) for each in people if each.pk != one.person_id],
        "errors": errors_of(error) if error else {},
    }, status=422 if error else 200)


def _name(viewer: Viewer, one: Any, post: Any, office: bool) -> None:
    if office:
        person = key(post, "person_id", "居民")
        if person is None:
            raise BadInput("person_id", "请先搜索并选择由谁代办。", field="person_id")
    else:
        person = bank.resident_named(viewer, one.community_id, text(post, "name", 30), text(post, "tail", 4))
    acting_for.name_representative(by=viewer, account_id=one.pk, person_id=person, relation=text(post, "relation", 20))


def known_by(person: Any) -> str:
    """By what staff tell people of one name apart."""
    home = person.household.home if person.household else None
    tail = f"电话尾号 {person.phone_tail}" if person.phone_tail else ""
    return "，".join(filter(None, [str(home) if home else "住址未登记", tail]))


@signed_in
@require_POST
def end(request: HttpRequest, representative_id: UUID) -> HttpResponse:
    """Somebody acts for the holder no longer."""
    row = acting_for.end_representative(by=viewer_of(request), representative_id=representative_id)
    messages.success(request, "已停止代办。")
    if row.person_id == viewer_of(request).person_id:
        return redirect("volunteers:bank")
    return redirect("volunteers:bank-account", row.account_id)


@signed_in
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One movement with both sides; the secretary takes it back here, with a reason."""
    viewer = viewer_of(request)
    one = bank.entry_for(viewer, entry_id)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            moving.reverse_entry(by=viewer, entry_id=entry_id, why=text(request.POST, "why", 100))
        except PeopleError as error:
            if error.status not in {403, 409, 422}:
                raise
            errors, status = errors_of(error), error.status
        else:
            messages.success(request, "已冲正，两边的余额都改回来了。")
            return redirect("volunteers:bank-entry", entry_id)
    mirror = bank.reversal_of(one)
    return render(request, "volunteers/bank_entry.html", {
        "one": one, "kind": KIND_WORDS[Kind(one.kind)], "at": when(one.at), "errors": errors,
        "sides": [(name, spoken(leg.minutes)) for leg, name in bank.postings_with_names(one)],
        "mirror": mirror, "mirror_at": when(mirror.at) if mirror else "", "why": request.POST.get("why", ""),
        "may": viewer.has(Role.SECRETARY, community_id=one.community_id) and mirror is None
        and one.kind not in {Kind.REVERSE, Kind.MERGE},
    }, status=status)


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """The office looks up the resident whose account, or whose household's account, it opens."""
    viewer, community = viewer_of(request), chosen_community(request)
    if not is_office(viewer, community.id):
        raise NotAllowed("bank_open", "替别人开立时间账户由社区工作者办理。您自己的账户可以在时间银行里开立。")
    words = text(request.GET, "q", 30)
    people = people_for(viewer, community_id=community.id, words=words, limit=20).people if words else []
    return render(request, "volunteers/bank_new.html", {
        "q": words, "people": [{"id": one.pk, "name": one.name, "place": known_by(one), "home": one.household_id}
                               for one in people],
    })
