"""今天: the first screen of each role."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from fuhui.domains.cases.rules.clocks import PRIORITY_NAMES, Priority
from fuhui.domains.cases.rules.states import STATE_NAMES, State
from fuhui.insights.desk.queries import my_day, my_matters
from fuhui.insights.figures.queries import figures, week_of
from fuhui.registry.places.queries import Community, communities_for, community_by_code, open_communities
from fuhui.shared.calendar.queries import warnings_for
from fuhui.shared.jobs import watch
from fuhui.shared.ui.format import clock_left, day, when
from fuhui.shared.ui.live import live_address
from fuhui.shared.ui.shapes import Row, Stat, row, stat
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

_FIRST_PAGES = (
    (Role.STREET_OFFICER, "street:communities"),
    (Role.AUDITOR, "audit:entries"),
    (Role.OPERATOR, "accounts:list"),
)


def show_home(request: HttpRequest) -> HttpResponse:
    """Everyone's first screen: the desk's day, the resident's home, or the page of another role."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.is_signed_in:
        return _visitor(request)
    community_id = _desk_community(request, viewer)
    if community_id:
        return _desk(request, viewer, community_id)
    for role, page in _FIRST_PAGES:
        if viewer.has(role):
            return HttpResponseRedirect(reverse(page))
    return _resident(request, viewer)


def show_community(request: HttpRequest, code: str) -> HttpResponse:
    """The public home of one community: report, find my matter, what was solved, who is my grid worker."""
    return _public_home(request, community_by_code(code), [])


def _visitor(request: HttpRequest) -> HttpResponse:
    communities = list(open_communities()[:50])
    if len(communities) == 1:
        return _public_home(request, communities[0], [])
    return render(
        request,
        "desk/communities.html",
        {"rows": [row(title=one.name, href=reverse("desk:community", args=[one.region_id])) for one in communities]},
    )


def _resident(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    community = communities_for(viewer).first()
    if community is None:
        return _visitor(request)
    now = timezone.now()
    mine = [_matter(one, now, f"/my/{one['id']}/") for one in my_matters(viewer, viewer.communities)]
    return _public_home(request, community, mine)


def _public_home(request: HttpRequest, community: Community, mine: list[Row]) -> HttpResponse:
    return render(request, "desk/resident.html", {"community": community, "code": community.region_id, "mine": mine})


def _desk(request: HttpRequest, viewer: Viewer, community_id: UUID) -> HttpResponse:
    now = timezone.now()
    found = my_day(viewer, community_id, now)
    alarms = [job.message for job in watch(now)] if viewer.has(Role.SECRETARY) else []
    is_overseer = viewer.has(Role.SECRETARY, Role.COMMUNITY_STAFF, community_id=community_id)
    return render(
        request,
        "desk/today.html",
        {
            "title": f"{day(now)}，{viewer.name}",
            "stats": _stats(found.counts, is_overseer=is_overseer),
            "rows": [_matter(one, now, f"/cases/{one['id']}/") for one in found.first],
            "approvals": [_approval(one) for one in found.approvals],
            "figures": [_figure(one) for one in figures(viewer, [community_id], week_of(now))] if is_overseer else [],
            "warnings": [*alarms, *(warnings_for(now) if is_overseer else [])],
            "live_url": live_address(request),
        },
    )


def _desk_community(request: HttpRequest, viewer: Viewer) -> UUID | None:
    mine = [grant.community_id for grant in viewer.grants if grant.role in DESK_ROLES and grant.community_id]
    chosen = request.session.get("community", "")
    return next((community for community in mine if str(community) == chosen), mine[0] if mine else None)


def _stats(counts: dict[str, int], *, is_overseer: bool) -> list[Stat]:
    shown = [
        ("已超期", "late", "late", "late"),
        ("24 小时内到期", "today", "today", "soon"),
        ("新来的", "new", "submitted", "accent"),
        ("待核查回访", "check", "check", "neutral"),
        ("已上报街道", "escalated", "escalated", "neutral"),
    ]
    if is_overseer:
        shown.insert(3, ("没有人办", "unassigned", "unassigned", "soon"))
    return [
        stat(label, str(counts[key]), unit="件", href=f"/queue/?tab={tab}", tone=tone if counts[key] else "neutral")  # type: ignore[arg-type]
        for label, key, tab, tone in shown
    ]


def _matter(one: dict[str, Any], now: datetime, href: str) -> Row:
    left = clock_left(one["due_at"], now) if not one["ended_at"] else None
    place = one["place_text"] or "地点待核"
    urgent = "险情 · " if one["is_urgent"] else ""
    return row(
        title=one["title"],
        href=href,
        sub=f"{urgent}{place} · {PRIORITY_NAMES[Priority(one['priority'])]}",
        pill=STATE_NAMES[State(one["state"])],
        tone="late" if one["is_urgent"] else "neutral",
        meta=left.words if left else when(one["ended_at"]),
        meta_tone=left.tone if left else "done",
        id=str(one["id"]),
        note=one["handler_name"] or ("" if one["ended_at"] else "还没有人办"),
    )


def _approval(one: dict[str, Any]) -> Row:
    what = "申请延期" if one["asks_extension"] else "退回异议"
    return row(
        title=one["title"],
        href=f"/cases/{one['id']}/",
        pill=what,
        tone="soon",
        meta=f"{when(one['close_due_at'])} 到期",
        sub=f"{one['number']} · {one['handler_name']}",
    )


def _figure(figure: Any) -> Stat:
    trend = figure.trend
    return stat(
        figure.rate.name,
        figure.percent,
        unit="%" if figure.rate.share is not None else "",
        definition=figure.rate.words,
        sub=f"本周 {figure.rate.numerator} / {figure.rate.denominator} 件",
        href=f"{reverse('figures:records', args=[figure.key, 'numerator'])}?span=week",
        trend="" if trend is None else f"较上周 {trend:+.1f}",
        trend_tone="late" if (trend or 0) < 0 else "done",
    )
