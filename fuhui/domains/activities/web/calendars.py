"""Calendar feeds: what is on in a community for everybody, and what an account signed up for by a private address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from fuhui.domains.activities.feeds import feed_token, read_feed
from fuhui.domains.activities.queries import coming, signed_up_by
from fuhui.domains.activities.rules.activity import SignState, State
from fuhui.domains.activities.rules.ical import Entry, calendar
from fuhui.domains.activities.web.shapes import ticket_address
from fuhui.registry.places.web.residents import calling
from fuhui.shared.viewers import Viewer


@require_GET
def community_feed(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that is published and not over."""
    with calling(request, code) as caller:
        found = coming(caller.viewer, caller.community.id, timezone.now(), limit=200)
        entries = [
            _entry(one, request.build_absolute_uri(reverse("activities:activity", args=[code, one.pk])))
            for one in found
        ]
        return _sent(f"{caller.community.name}活动", entries)


@require_GET
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the account signed up for; who waits for a place sees it as not yet sure."""
    feed = read_feed(token)
    with calling(request, feed.community_id) as caller:
        entries = [
            _entry(one.activity, request.build_absolute_uri(ticket_address(one)),
                   is_sure=one.state == SignState.CONFIRMED)
            for one in signed_up_by(caller.viewer, feed.community_id, feed.account_id)
        ]
        return _sent(f"我在{caller.community.name}的活动", entries)


def own_address(request: HttpRequest, viewer: Viewer) -> str:
    """The private address of the viewer's calendar; '' without an account in a community."""
    if not viewer.account_id or not viewer.communities:
        return ""
    token = feed_token(viewer.communities[0], viewer.account_id)
    return request.build_absolute_uri(reverse("activities:own-feed", args=[token]))


def _entry(activity: Any, address: str, *, is_sure: bool = True) -> Entry:
    return Entry(
        uid=f"{activity.pk}@fuhui", title=activity.title, place=activity.place, text=activity.text,
        starts_at=activity.starts_at, ends_at=activity.ends_at, changed_at=timezone.now(), address=address,
        is_off=activity.state == State.CANCELLED, is_sure=is_sure,
    )


def _sent(name: str, entries: Iterable[Entry]) -> HttpResponse:
    answer = HttpResponse(calendar(name, entries), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="activities.ics"'
    answer["Cache-Control"] = "private, max-age=300"
    return answer
