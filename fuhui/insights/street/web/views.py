"""The street officer's first screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fuhui.insights.figures.permissions import may_see_street
from fuhui.insights.street.queries import CommunityCard, community_cards, escalations_waiting
from fuhui.shared.errors import NotAllowed
from fuhui.shared.ui.format import clock_left
from fuhui.shared.ui.shapes import Row, row


@login_required
def show_communities(request: HttpRequest) -> HttpResponse:
    """Small multiples per community, escalations waiting; each drills down to the queue and the figures."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not may_see_street(viewer):
        raise NotAllowed("not_street", "这一页给街道干部看。")
    now = timezone.now()
    cards = community_cards(viewer, now)
    names = {card.id: card.name for card in cards}
    waiting = [_waiting(one, names[one["community_id"]], now) for one in escalations_waiting(viewer)]
    return render(
        request,
        "street/communities.html",
        {
            "cards": [_card(card) for card in cards],
            "waiting": waiting,
            "count": len(cards),
            "late": sum(card.counts["late"] for card in cards),
            "open": sum(card.counts["open"] for card in cards),
        },
    )


def _card(card: CommunityCard) -> dict[str, Any]:
    tone = "late" if card.counts["late"] else ("soon" if card.counts["escalated"] else "")
    bars = [
        {
            "name": figure.rate.name,
            "percent": figure.percent,
            "width": round((figure.rate.share or 0) * 100),
            "of": f"{figure.rate.numerator}/{figure.rate.denominator}",
            "none": figure.rate.share is None,
            "href": f"/figures/{figure.key}/denominator/?span=30&community={card.id}",
        }
        for figure in card.figures
    ]
    return {
        "name": card.name,
        "counts": card.counts,
        "bars": bars,
        "tone": tone,
        "queue": f"/queue/?community={card.id}",
        "figures": f"/figures/?span=30&community={card.id}",
    }


def _waiting(one: dict[str, Any], community: str, now: datetime) -> Row:
    left = clock_left(one["due_at"], now)
    return row(
        title=one["title"],
        href=f"/cases/{one['id']}/",
        sub=f"{community} · {one['number']} · {one['place_text']}",
        meta=left.words,
        meta_tone=left.tone,
        pill="等街道回执",
        tone="soon",
        id=str(one["id"]),
    )
