"""Papers of an activity as PDF: what is hung up and what is handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from fuhui.domains.activities.queries import activity_for
from fuhui.domains.activities.web.shapes import facts
from fuhui.registry.places.queries import code_of_community, community_for
from fuhui.registry.places.web.entry import signed_in, viewer_of
from fuhui.shared.typesetting import pdf_of

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"
TEXT_ON_POSTER = 130  # a longer introduction would push the QR code to a second page


@require_GET
@signed_in
def poster_pdf(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """The poster on one A4 page, to print or to send into a group."""
    viewer = viewer_of(request)
    activity = activity_for(viewer, activity_id).activity
    community = community_for(viewer, activity.community_id)
    code = code_of_community(activity.community_id)
    address = request.build_absolute_uri(reverse("activities:activity", args=[code, activity.pk]))
    picture = segno.make(address, error="q").svg_inline(scale=4, border=2)
    shown = facts(activity) | {
        "community": community.name, "phone": community.phone or "", "text": _short(activity.text),
        "size": 54 if len(activity.title) <= 9 else 38 if len(activity.title) <= 24 else 28,
    }
    made = pdf_of(DOCUMENTS / "poster.typ", shown, {"qr": f'<?xml version="1.0" encoding="utf-8"?>{picture}'})
    return sent(made, "poster.pdf")


def sent(made: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows and saves under `name`."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _short(text: Any) -> str:
    tidy = " ".join(str(text).split())
    return tidy if len(tidy) <= TEXT_ON_POSTER else tidy[: TEXT_ON_POSTER - 1] + "…"
