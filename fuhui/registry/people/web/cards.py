"""Cards and consent on a person's page, and the community's list of categories."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from fuhui.registry.people import actions, queries
from fuhui.registry.people.permissions import may_keep_categories, may_list_people
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import day, errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken


@require_POST
@signed_in
def add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Adds a card."""
    post = request.POST
    detail = text(post, "detail", 200)
    actions.add_card(
        by=viewer_of(request),
        person_id=person_id,
        category=text(post, "category", 40),
        since=day(post, "since", "起始日期"),
        source=text(post, "source", 60),
        data={"内容": detail} if detail else {},
        note=text(post, "note", 500),
    )
    messages.success(request, "已添加。")
    return redirect("people:person", person_id)


@require_POST
@signed_in
def end(request: HttpRequest, person_id: UUID, card_id: UUID) -> HttpResponse:
    """Ends a card today or on a given day."""
    actions.end_card(
        by=viewer_of(request),
        card_id=card_id,
        until=day(request.POST, "until", "结束日期"),
        note=text(request.POST, "note", 500),
    )
    messages.success(request, "已结束，记录保留。")
    return redirect("people:person", person_id)


@require_POST
@signed_in
def consent(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Records that consent was given or withdrawn."""
    post, by = request.POST, viewer_of(request)
    purpose, channel, note = text(post, "purpose", 40), text(post, "channel", 20), text(post, "note")
    if post.get("act") == "withdraw":
        actions.withdraw_consent(by=by, person_id=person_id, purpose=purpose, channel=channel, note=note)
    else:
        actions.record_consent(
            by=by,
            person_id=person_id,
            purpose=purpose,
            channel=channel,
            note=note,
            version=text(post, "version", 20),
            by_guardian=text(post, "by_guardian", 60),
        )
    messages.success(request, "已记入同意记录。")
    return redirect("people:person", person_id)


@signed_in
def categories(request: HttpRequest) -> HttpResponse:
    """The list of categories with a form for each."""
    return _categories(request)


@require_POST
@signed_in
def save_category(request: HttpRequest) -> HttpResponse:
    """Adds or changes a category, or loads the usual ones."""
    viewer, community, post = viewer_of(request), chosen_community(request), request.POST
    try:
        if post.get("seed"):
            actions.seed_categories(by=viewer, community_id=community.id)
        else:
            actions.save_category(
                by=viewer,
                community_id=community.id,
                category_id=key(post, "id", "类别"),
                name=text(post, "name", 60),
                hint=text(post, "hint"),
                is_sensitive=bool(post.get("is_sensitive")),
                for_health=bool(post.get("for_health")),
                is_active=bool(post.get("is_active")),
                order=whole(post, "order", "顺序") if post.get("order") else 100,
            )
    except (BadInput, RuleBroken) as error:
        return _categories(request, error)
    messages.success(request, "已保存。")
    return redirect("people:categories")


def _categories(request: HttpRequest, error: PeopleError | None = None) -> HttpResponse:
    viewer, community = viewer_of(request), chosen_community(request)
    may_list_people(viewer, community.id).require()
    return render(
        request,
        "people/categories.html",
        {
            "community": community,
            "categories": queries.categories_for(viewer, community.id, active_only=False),
            "errors": errors_of(error) if error else {},
            "keep": may_keep_categories(viewer, community.id),
        },
        status=error.status if error else 200,
    )
