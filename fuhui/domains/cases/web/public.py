"""办成的事: solved matters as a person has confirmed them for everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuhui.domains.cases.queries.pages import publication, publication_photos
from fuhui.domains.cases.queries.reporting import published_cases
from fuhui.domains.cases.web.base import uuid_in
from fuhui.domains.cases.web.photos import public_photos
from fuhui.registry.places.web.residents import calling
from fuhui.shared.ui.format import day

PAGE = 20


@require_GET
def public_list(request: HttpRequest, code: str) -> HttpResponse:
    """Solved matters of a community, newest first, twenty at a time."""
    with calling(request, code) as caller:
        found = published_cases(caller.community.id, before=uuid_in(request.GET.get("before")), limit=PAGE + 1)
        rows = [_shown(one) | {"href": f"/public/{code}/{one.id}/"} for one in found[:PAGE]]
        return render(
            request,
            "cases/public.html",
            {
                "rows": rows,
                "community": caller.community,
                "code": code,
                "next": f"?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
                "is_later": "before" in request.GET,
            },
        )


@require_GET
def public_one(request: HttpRequest, code: str, publication_id: UUID) -> HttpResponse:
    """One solved matter, with its photos where they were confirmed."""
    with calling(request, code) as caller:
        one = publication(caller.community.id, publication_id)
        pairs = public_photos(publication_photos(one), caller.community.id)
        return render(
            request,
            "cases/public_one.html",
            _shown(one) | {"community": caller.community, "code": code, "pairs": pairs},
        )


def _shown(one: Any) -> dict[str, str]:
    return {"title": one.title, "text": one.text, "reply": one.reply, "day": day(one.published_at)}
