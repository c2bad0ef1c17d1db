"""Forms for adding and editing a person, with the warning about duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.people import actions, queries
from fuhui.registry.people.permissions import may_register
from fuhui.registry.people.rules.dates import parse_date
from fuhui.registry.people.rules.entry import PersonEntry
from fuhui.registry.people.rules.words import RELATIONS, RESIDENCE_NAMES, SEX_NAMES, Residence, Sex
from fuhui.registry.people.web.shown import about, place_text
from fuhui.registry.places.queries import grids_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken, StalePage
from fuhui.shared.ui.shapes import options

_FIELDS = ("name", "sex", "birth", "id_number", "phone", "nation", "political", "relation", "residence", "note")


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """A new person. Somebody alike is shown first; the form is kept as it was typed."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_register(viewer, community.id).require()
    if request.method != "POST":
        return _form(
            request,
            community.id,
            {"address": request.GET.get("address", "")[:200], "name": request.GET.get("name", "")[:60]},
        )
    try:
        made = actions.register_person(
            by=viewer,
            community_id=community.id,
            entry=_entry(request.POST),
            address=text(request.POST, "address"),
            household_id=key(request.POST, "household", "户"),
            grid_id=key(request.POST, "grid", "网格"),
            accept_duplicates=bool(request.POST.get("accept")),
            source="手工登记",
        )
    except (BadInput, RuleBroken) as error:
        return _form(request, community.id, request.POST.dict(), error)
    messages.success(request, f"已登记{made.name}。")
    return redirect("people:person", made.pk)


@signed_in
def edit(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Corrects a person. Encrypted values are not shown; an empty field leaves them as they are."""
    viewer = viewer_of(request)
    person = queries.person_for(viewer, person_id)
    may_register(viewer, person.community_id, queries.grid_of(person.household)).require()
    if request.method != "POST":
        return _form(request, person.community_id, _values(person), person=person)
    post = request.POST
    address = text(post, "address")
    try:
        actions.correct_person(
            by=viewer,
            person_id=person.pk,
            entry=_entry(post),
            version=whole(post, "version", "版本"),
            keep_id=not post.get("id_number", "").strip() and not post.get("drop_id"),
            keep_phone=not post.get("phone", "").strip() and not post.get("drop_phone"),
            address=address if address != _address(person) else None,
        )
    except (BadInput, RuleBroken) as error:
        return _form(request, person.community_id, post.dict(), error, person)
    messages.success(request, "已保存。")
    return redirect("people:person", person.pk)


@require_POST
@signed_in
def status(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """在住, 已迁出, 已故."""
    queries.person_for(viewer_of(request), person_id)  # before what was typed: another's resident is not found
    actions.change_status(
        by=viewer_of(request),
        person_id=person_id,
        status=text(request.POST, "status", 10),
        version=whole(request.POST, "version", "版本"),
        note=text(request.POST, "note"),
    )
    messages.success(request, "状态已改。")
    return redirect("people:person", person_id)


def _entry(post: QueryDict) -> PersonEntry:
    values: dict[str, Any] = {name: text(post, name, 600) for name in _FIELDS}
    return PersonEntry(**values, other_document=bool(post.get("other_document")))


def _address(person: queries.Person) -> str:
    return place_text(person.household) if person.household_id else ""


def _values(person: queries.Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "sex": person.sex,
        "birth": person.birth_date.isoformat() if person.birth_date else "",
        "nation": person.nation,
        "political": person.political,
        "relation": person.relation,
        "residence": person.residence,
        "note": person.note,
        "address": _address(person),
        "version": person.version,
    }


def _form(
    request: HttpRequest,
    community_id: UUID,
    values: Mapping[str, Any],
    error: PeopleError | None = None,
    person: queries.Person | None = None,
) -> HttpResponse:
    viewer = viewer_of(request)
    faults = dict(error.details.get("faults") or {}) if error else {}  # type: ignore[call-overload]
    errors = faults or ({str(error.details.get("field") or ""): error.message} if error else {})
    return render(
        request,
        "people/form.html",
        {
            "person": person,
            "values": values,
            "errors": errors,
            "stale": isinstance(error, StalePage),
            "duplicates": _duplicates(request, community_id, values, error, person),
            "sure": bool(error and error.details.get("sure")),
            "relations": RELATIONS,
            "sexes": options((one, SEX_NAMES[one]) for one in (Sex.MALE, Sex.FEMALE)),
            "residences": options((one, RESIDENCE_NAMES[one]) for one in Residence if one),
            "grids": options((one.id, one.name) for one in grids_for(viewer, community_id)),
            "cancel": reverse("people:person", args=[person.pk]) if person else reverse("people:people"),
        },
        status=error.status if error else 200,
    )


def _duplicates(
    request: HttpRequest,
    community_id: UUID,
    values: Mapping[str, Any],
    error: PeopleError | None,
    person: queries.Person | None,
) -> list[dict[str, str]]:
    if error is None or error.code != "duplicate":
        return []
    found = queries.possible_duplicates(
        viewer_of(request),
        community_id=community_id,
        name=str(values.get("name", "")),
        id_number=str(values.get("id_number", "")),
        phone=str(values.get("phone", "")),
        birth=parse_date(values.get("birth", "")),
        except_id=person.pk if person else None,
    )
    return [
        {
            "name": one.person.name if one.visible else "其他网格的居民",
            "evidence": one.evidence,
            "score": f"{one.score}%",
            "about": f"{about(one.person)} · {place_text(one.person.household)}"
            if one.visible
            else "请与社区工作者核对",
            "href": reverse("people:person", args=[one.person.pk]) if one.visible else "",
        }
        for one in found
    ]
