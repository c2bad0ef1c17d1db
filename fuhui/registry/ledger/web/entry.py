"""Writing a service by hand: one form, a grid of taps for what it was, people found by name."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from fuhui.registry.ledger.actions.by_hand import write_by_hand
from fuhui.registry.ledger.permissions import may_write_by_hand
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.ledger.rules.matrix import laid_out
from fuhui.registry.ledger.rules.service import Served, ServedBy, Service
from fuhui.registry.ledger.web.finding import chosen, found_people, members
from fuhui.registry.organisations.queries import organisations_for
from fuhui.registry.places.queries import grids_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.identifiers import new_id
from fuhui.shared.ui.format import local
from fuhui.shared.viewers import Viewer

_FIELDS = ("kind", "title", "at", "minutes", "place", "grid", "organiser", "brands", "heads", "team", "team_heads",
           "q_gave", "q_got", "key")


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """The form; 找 looks people up and keeps what was typed, 记入 writes."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_write_by_hand(viewer, community.id).require()
    if request.method != "POST":
        return _form(request, community.id, _fresh(request))
    if request.POST.get("do") == "find":
        return _form(request, community.id, request.POST)
    try:
        row = write_by_hand(by=viewer, community=community.id, service=_service(request.POST, viewer, community.id),
                            photos=request.FILES.getlist("photos"))
    except PeopleError as error:
        if error.status not in {409, 422}:
            raise
        return _form(request, community.id, request.POST, error)
    messages.success(request, "已记入台账。")
    return redirect("ledger:record", row.pk)


def _fresh(request: HttpRequest) -> QueryDict:
    values = QueryDict(mutable=True)
    values.update({"at": f"{local(timezone.now()):%Y-%m-%dT%H:%M}", "minutes": "60", "key": str(new_id()),
                   "kind": request.GET.get("kind", ""), "me": "on"})
    return values


def _service(post: QueryDict, viewer: Viewer, community: UUID) -> Service:
    kind = text(post, "kind", 61)
    if not kind:
        raise BadInput("kind", "请在表格里点一下做的是哪一类服务。", field="kind")
    return Service(
        source="hand", key=text(post, "key", 60), kind=kind, title=text(post, "title", 100), occurred_at=_moment(post),
        minutes=whole(post, "minutes", "时长"), served_by=_givers(post, viewer),
        served=_receivers(post, viewer, community),
        organiser=key(post, "organiser", "组织方"), place=text(post, "place", 100), grid=key(post, "grid", "网格"),
        brands=[one for one in re.split(r"[,，、;；\s]+", text(post, "brands", 200)) if one],
    )


def _moment(post: QueryDict) -> datetime:
    value = text(post, "at", 30)
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadInput("at", "请选择服务的日期和时间。", field="at") from error
    return local(found)


def _givers(post: QueryDict, viewer: Viewer) -> list[ServedBy]:
    found = [ServedBy(person=one) for one in chosen(post, "gave", "served_by")]
    if post.get("me"):
        own = ServedBy(person=viewer.person_id) if viewer.person_id else ServedBy(account=viewer.account_id)
        found += [] if own in found else [own]
    team = key(post, "team", "组织")
    if team:
        found.append(ServedBy(organisation=team, heads=_heads(post, "team_heads", "派出人数", 1)))
    return found


def _receivers(post: QueryDict, viewer: Viewer, community: UUID) -> list[Served]:
    """Each resident once, whether ticked alone or with the whole household; then those without a name."""
    persons = [*chosen(post, "got", "served"), *members(viewer, community, chosen(post, "home", "served"))]
    found = [Served(person=one) for one in dict.fromkeys(persons)]
    heads = _heads(post, "heads", "其他人数", 0)
    return [*found, Served(heads=heads)] if heads else found


def _heads(post: QueryDict, name: str, what: str, empty: int) -> int:
    return whole(post, name, what) if text(post, name, 12) else empty


def _form(
    request: HttpRequest, community: UUID, values: QueryDict, error: PeopleError | None = None
) -> HttpResponse:
    viewer = viewer_of(request)
    table = laid_out(catalogue_for(viewer, community).kinds)
    gave, got = (found_people(viewer, community, values, side) for side in ("gave", "got"))
    return render(request, "ledger/new.html", {
        "values": {name: values.get(name, "") for name in _FIELDS} | {"me": values.get("me", "")},
        "errors": errors_of(error) if error else {}, "table": table, "kind": values.get("kind", ""),
        "others": [(kind.code, kind.name) for kind in table.others],
        "organisers": [(str(one.id), one.name) for one in organisations_for(viewer, community)],
        "grids": [(str(one.id), one.name) for one in grids_for(viewer, community)],
        "gave": gave.people, "got": got.people, "homes": got.homes,
        **{f"{name}_chosen": values.getlist(name) for name in ("gave", "got", "home")},
        "gave_missed": gave.missed, "got_missed": got.missed, "back": reverse("ledger:book"), "who": viewer.name,
    }, status=error.status if error else 200)
