"""Papers of an activity as PDF: what is hung up and what is handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from fuhui.domains.activities.actions.competing import note_award
from fuhui.domains.activities.queries import entry_for, seen_by_desk
from fuhui.domains.activities.rules.sports import AWARDED, EVERYBODY, result_words
from fuhui.domains.activities.web.shapes import facts
from fuhui.registry.places.queries import community_for
from fuhui.registry.places.web.entry import signed_in, viewer_of
from fuhui.shared.errors import RuleBroken
from fuhui.shared.typesetting import pdf_of
from fuhui.shared.ui.format import local

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"
TEXT_ON_POSTER = 130  # a longer introduction would push the QR code to a second page


@require_GET
@signed_in
def poster_pdf(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """The poster on one A4 page, to print or to send into a group."""
    viewer = viewer_of(request)
    activity = seen_by_desk(viewer, activity_id)
    community = community_for(viewer, activity.community_id)
    code = activity.code
    address = request.build_absolute_uri(reverse("activities:activity", args=[code, activity.pk]))
    picture = segno.make(address, error="q").svg_inline(scale=4, border=2)
    shown = facts(activity) | {
        "community": community.name, "phone": community.phone or "", "text": _short(activity.text),
        "size": 54 if len(activity.title) <= 9 else 38 if len(activity.title) <= 24 else 28,
    }
    made = pdf_of(DOCUMENTS / "poster.typ", shown, {"qr": f'<?xml version="1.0" encoding="utf-8"?>{picture}'})
    return sent(made, "poster.pdf")


@require_GET
@signed_in
def award_pdf(request: HttpRequest, activity_id: UUID, entry_id: UUID) -> HttpResponse:
    """The award of one of the first three of a group. Whom it is printed for is in the audit trail."""
    viewer = viewer_of(request)
    activity = seen_by_desk(viewer, activity_id)
    contest, entry, place = entry_for(activity, entry_id)
    if not 1 <= place <= AWARDED:
        raise RuleBroken("no_award", f"奖状发给每组前 {AWARDED} 名；这位还没有成绩，或者没有进前 {AWARDED} 名。")
    note_award(by=viewer, activity_id=activity_id, entry_id=entry_id)
    on = local(activity.starts_at)
    made = pdf_of(DOCUMENTS / "award.typ", {
        "name": _named(entry), "place": "一二三"[place - 1], "title": activity.title, "contest": contest.title,
        "group": "" if entry.group == EVERYBODY else entry.group,
        "result": result_words(entry.result or 0, contest.measure).replace(" ", "\u00a0"),
        "community": community_for(viewer, activity.community_id).name, "on": f"{on.year}年{on.month}月{on.day}日",
    })
    return sent(made, "award.pdf")


def _named(entry: Any) -> str:
    people = "、".join(one.name for one in entry.people)
    return f"{entry.team}（{people}）" if entry.team else people


def sent(made: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows and saves under `name`."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _short(text: Any) -> str:
    tidy = " ".join(str(text).split())
    return tidy if len(tidy) <= TEXT_ON_POSTER else tidy[: TEXT_ON_POSTER - 1] + "…"
