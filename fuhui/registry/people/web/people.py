"""The residents' list and one person's page."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.people import actions, queries, registry
from fuhui.registry.people.permissions import (
    may_import,
    may_list_people,
    may_merge,
    may_register,
    may_reveal,
    sees_everything_of,
)
from fuhui.registry.people.rules.words import CONSENT_CHANNELS, CONSENT_PURPOSES, STATUS_NAMES, PersonStatus
from fuhui.registry.people.web.shown import consent_item, facts, history_item, member_row, person_row, place_text
from fuhui.registry.places.queries import grids_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput
from fuhui.shared.ui.format import day
from fuhui.shared.ui.shapes import Chip, chip, options


@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """People by words, grid and category; a resident is led to their own page."""
    viewer, community = viewer_of(request), chosen_community(request)
    if not may_list_people(viewer, community.id).allowed and viewer.person_id:
        return redirect("people:person", viewer.person_id)
    may_list_people(viewer, community.id).require()
    words, category = text(request.GET, "q", 60), text(request.GET, "category", 40)
    grid, status = key(request.GET, "grid", "网格"), text(request.GET, "status", 10)
    page = queries.people_for(
        viewer,
        community_id=community.id,
        words=words,
        grid_id=grid,
        category=category,
        status=status,
        after=text(request.GET, "after", 120),
    )
    chosen = {
        name: value
        for name, value in (("q", words), ("category", category), ("grid", str(grid or "")), ("status", status))
        if value
    }
    health_only = not sees_everything_of(viewer, community.id)
    categories = [one for one in queries.categories_for(viewer, community.id) if one.for_health or not health_only]
    return render(
        request,
        "people/people.html",
        {
            "community": community,
            "q": words,
            "rows": [person_row(one, health_only=health_only) for one in page.people],
            "next": f"?{urlencode({**chosen, 'after': page.after})}" if page.after else "",
            "chosen": chosen,
            "chips": _chips(categories, chosen),
            "grids": options((one.id, one.name) for one in grids_for(viewer, community.id)),
            "grid": str(grid or ""),
            "categories": options((one.code, one.name) for one in categories),
            "category": category,
            "statuses": options((one, STATUS_NAMES[one]) for one in PersonStatus if one != PersonStatus.MERGED),
            "status": status,
            "register": may_register(viewer, community.id),
            "can_import": may_import(viewer, community.id).allowed,
            "filtered": bool(chosen),
        },
    )


def _chips(categories: list[queries.CardCategory], chosen: dict[str, str]) -> list[Chip]:
    """A quick filter per category; tapping the chosen one takes it off."""
    now = chosen.get("category")
    others = {name: value for name, value in chosen.items() if name != "category"}
    targets = {one.code: others if one.code == now else {**others, "category": one.code} for one in categories[:12]}
    return [chip(one.name, f"?{urlencode(targets[one.code])}", on=one.code == now) for one in categories[:12]]


@signed_in
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: facts, household, cards, consent, lists of other rooms. A merged record leads to the kept one."""
    return _person(request, person_id)


@require_POST
@signed_in
def reveal(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Identity number and phone in clear, with the reason kept. Shown once; never by a link."""
    fields = ["phone"] if request.POST.get("what") == "phone" else ["id_number", "phone"]
    try:
        shown = actions.reveal_person(
            by=viewer_of(request), person_id=person_id, fields=fields, reason=text(request.POST, "reason", 200)
        )
    except BadInput as error:
        return _person(request, person_id, {"errors": errors_of(error)}, status=error.status)
    answer = _person(request, person_id, {"revealed": shown})
    answer["Cache-Control"] = "no-store"
    return answer


def _person(
    request: HttpRequest, person_id: UUID, more: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    found = queries.person_for(viewer, person_id)
    if found.pk != person_id:
        return redirect("people:person", found.pk)
    everything = sees_everything_of(viewer, found.community_id)
    own = viewer.person_id == found.pk
    grid = queries.grid_of(found.household)
    cards = queries.cards_of(found, health_only=not everything)
    context = {
        "person": found,
        "facts": facts(found),
        "place": place_text(found.household),
        "everything": everything,
        "members": [member_row(one) for one in queries.same_home(viewer, found.household_id) if one.pk != found.pk]
        if everything
        else [],
        "household_href": reverse("people:household", args=[found.household_id])
        if found.household_id and everything
        else "",
        "cards": [_card(one) for one in cards],
        "edit": may_register(viewer, found.community_id, grid),
        "categories": options((one.code, one.name) for one in queries.categories_for(viewer, found.community_id))
        if everything
        else [],
        "consents": [consent_item(one) for one in queries.consents_of(found)] if everything or own else [],
        "purposes": options(CONSENT_PURPOSES.items()),
        "channels": options(CONSENT_CHANNELS.items()),
        "history": [history_item(one) for one in queries.history_of(found)] if everything else [],
        "panels": registry.panels_of(viewer, found.pk),
        "merge": may_merge(viewer, found.community_id),
        "reveal_both": may_reveal(viewer, found.community_id, found.pk, ["id_number", "phone"]).allowed,
        "reveal_phone": may_reveal(viewer, found.community_id, found.pk, ["phone"]).allowed,
        "statuses": options(
            (one, STATUS_NAMES[one]) for one in PersonStatus if one not in (PersonStatus.MERGED, found.status)
        ),
    }
    return render(request, "people/person.html", {**context, **(more or {})}, status=status)


def _card(card: queries.AttributeCard) -> dict[str, object]:
    detail = "、".join(str(value) for value in card.data.values())
    dates = f"{day(card.since)} 起" if card.since else ""
    return {
        "id": card.pk,
        "name": card.category.name,
        "running": card.until is None,
        "sensitive": card.category.is_sensitive,
        "about": " · ".join(
            filter(None, [detail, dates, f"{day(card.until)} 止" if card.until else "", card.source, card.note])
        ),
    }
