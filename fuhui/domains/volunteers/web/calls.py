"""Calls for help: the list, one call with its shifts, the form."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fuhui.domains.volunteers.actions.calls import add_shift, publish_call
from fuhui.domains.volunteers.permissions import may_plan, may_plan_any
from fuhui.domains.volunteers.queries import shifts, teams
from fuhui.domains.volunteers.queries.fairness import answer_for
from fuhui.domains.volunteers.queries.volunteers import Volunteer, own_registration
from fuhui.domains.volunteers.rules.planning import CallEntry, ShiftEntry
from fuhui.domains.volunteers.rules.registration import SKILLS
from fuhui.domains.volunteers.rules.signing_up import WORDS, ZONE, Answer
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui.format import clock, when
from fuhui.shared.ui.shapes import row

_FIELDS = ("title", "about", "place", "risks", "kind", "contact", "skill", "min_age", "team_id", "team_only",
           "is_dangerous", "starts_at", "ends_at", "capacity", "opens_at", "closes_at")


@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Open calls, the next first."""
    viewer, community = viewer_of(request), chosen_community(request)
    return render(request, "volunteers/calls.html", {
        "community": community, "plan": may_plan_any(viewer, community.id),
        "rows": [_row(call) for call in shifts.open_calls(viewer, community.id)],
    })


def _row(call: Any) -> Any:
    free = sum(shift.capacity - shift.taken for shift in call.coming)
    return row(
        call.title, href=reverse("volunteers:call", args=[call.pk]), lead=call.title[:1], sub=call.place,
        meta=when(call.coming[0].starts_at), pill=f"还缺 {free} 人" if free else "已满",
        tone="accent" if free else "neutral",
    )


@signed_in
def call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """One call: what, where, which risks, and each shift with the answer a sign-up would get."""
    return shown(request, call_id, {})


def shown(request: HttpRequest, call_id: UUID, errors: dict[str, str]) -> HttpResponse:
    """The page of a call."""
    viewer = viewer_of(request)
    one = shifts.call_for(viewer, call_id)
    own = own_registration(viewer, one.community_id)
    mine = {row.shift_id: row.pk for row in shifts.next_shifts(viewer, own.pk)} if own else {}
    return render(request, "volunteers/call.html", {
        "call": one, "facts": _facts(one), "errors": errors, "plan": may_plan(viewer, one.community_id, one.team_id),
        "own": own, "values": _typed(request.POST) if errors else _blank(),
        "shifts": [_shift(shift, own, mine) for shift in shifts.shifts_of(one)],
    }, status=409 if errors else 200)


def _facts(one: Any) -> list[tuple[str, str]]:
    wanted = [SKILLS.get(one.skill, ""), f"满 {one.min_age} 周岁" if one.min_age else "",
              "限本队队员" if one.team_only else "", "未满 18 周岁不参加" if one.is_dangerous else ""]
    pairs = [("地点", one.place), ("内容", one.about), ("发起", one.team.name if one.team else "社区"),
             ("要求", "、".join(filter(None, wanted)) or "不限"), ("风险说明", one.risks), ("联系", one.contact)]
    return [(name, value) for name, value in pairs if value]


def _shift(shift: Any, own: Volunteer | None, mine: dict[UUID, UUID]) -> dict[str, Any]:
    said = answer_for(shift, own, timezone.now()) if own else None
    return {
        "id": shift.pk, "when": f"{when(shift.starts_at)}—{clock(shift.ends_at)}", "taken": shift.taken,
        "capacity": shift.capacity, "cancelled": shift.cancelled_why, "mine": mine.get(shift.pk),
        "can": said in {Answer.FREE, Answer.CLOSE}, "why": WORDS[said] if said else "",
        "is_close": said is Answer.CLOSE, "over": shift.ends_at < timezone.now() and not shift.cancelled_at,
    }


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """The form of a call with its first shift."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_plan_any(viewer, community.id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = publish_call(by=viewer, community_id=community.id, entry=_entry(request.POST),
                                shifts=[shift_of(request.POST)], team_id=key(request.POST, "team_id", "队伍"))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, "招募已发布。")
            return redirect("volunteers:call", made.pk)
    kinds = [("", "请选择"), *((kind.code, kind.name) for kind in catalogue_for(viewer, community.id).active)]
    led = [(str(line.id), line.name) for line in teams.teams_for(viewer, community.id)
           if may_plan(viewer, community.id, line.id).allowed]
    return render(request, "volunteers/call_new.html", {
        "values": _typed(request.POST) if errors else _blank(), "errors": errors, "kinds": kinds,
        "teams": [("", "社区"), *led] if may_plan(viewer, community.id, None).allowed else led,
        "skills": [("", "不限"), *SKILLS.items()],
    }, status=422 if errors else 200)


def _typed(post: QueryDict) -> dict[str, str]:
    return {name: post.get(name, "") for name in _FIELDS}


def _blank() -> dict[str, str]:
    return dict.fromkeys(_FIELDS, "") | {"min_age": "0", "capacity": "5"}


def _entry(post: QueryDict) -> CallEntry:
    return CallEntry(
        title=text(post, "title", 60), about=text(post, "about", 1000), place=text(post, "place", 100),
        risks=text(post, "risks", 500), kind=text(post, "kind", 61), contact=text(post, "contact", 60),
        skill=text(post, "skill", 20), min_age=whole(post, "min_age", "最低年龄") if post.get("min_age") else 0,
        team_only=bool(post.get("team_only")), is_dangerous=bool(post.get("is_dangerous")),
    )


def shift_of(post: QueryDict) -> ShiftEntry:
    """The shift that was typed. Raises BadInput for a moment or number that is none."""
    return ShiftEntry(
        starts_at=_moment(post, "starts_at"), ends_at=_moment(post, "ends_at"),
        capacity=whole(post, "capacity", "名额"),
        opens_at=_moment(post, "opens_at"), closes_at=_moment(post, "closes_at"),
    )


def _moment(post: QueryDict, name: str) -> datetime | None:
    value = text(post, name, 20)
    try:
        return datetime.fromisoformat(value).replace(tzinfo=ZONE) if value else None
    except ValueError as error:
        raise BadInput(name, "日期和时间要写成 2026-03-02 09:30 这样。", field=name) from error


@signed_in
@require_POST
def more(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """One more shift."""
    viewer = viewer_of(request)
    one = shifts.call_for(viewer, call_id)
    may_plan(viewer, one.community_id, one.team_id).require()
    try:
        add_shift(by=viewer, call_id=call_id, entry=shift_of(request.POST))
    except (BadInput, RuleBroken) as error:
        return shown(request, call_id, errors_of(error))
    messages.success(request, "班次已加上。")
    return redirect("volunteers:call", call_id)
