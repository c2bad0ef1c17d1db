"""Hours: the list of a shift with what is recognised, the notice for everybody, and what waits for the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fuhui.domains.volunteers.actions import attendance as coming
from fuhui.domains.volunteers.actions import hours as actions
from fuhui.domains.volunteers.actions.hours import Approval
from fuhui.domains.volunteers.permissions import is_office, may_plan
from fuhui.domains.volunteers.queries import attendance, shifts
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui.format import clock, day, mask_name, minutes_words, when
from fuhui.shared.ui.shapes import row, stat
from fuhui.shared.viewers import Viewer

Made = TypeVar("Made")


@signed_in
@require_http_methods(["GET", "POST"])
def shift_hours(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Who came and how long; after the end the minutes that are recognised, sent together."""
    viewer = viewer_of(request)
    one = shifts.shift_for(viewer, shift_id)
    may_plan(viewer, one.community_id, one.call.team_id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            until = actions.approve_hours(by=viewer, shift_id=shift_id, approvals=_approvals(request),
                                          served=_served(request))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"时长已认定，公示到 {day(until)}，没有异议就记入台账。")
            return redirect("volunteers:attendance", shift_id)
    there = attendance.attendances_of(viewer, one)
    lines = [_line(viewer, sign_up, there.get(sign_up.pk), request.POST) for sign_up in shifts.roster(viewer, one.pk)]
    now = timezone.now()
    return render(request, "volunteers/attendance.html", {
        "shift": one, "when": f"{when(one.starts_at)}—{clock(one.ends_at)}", "errors": errors, "lines": lines,
        "running": one.starts_at <= now, "over": one.ends_at <= now, "served": request.POST.get("served", one.served),
        "may_approve": [line for line in lines if line["open"]],
    }, status=422 if errors else 200)


def _line(viewer: Any, sign_up: Any, found: Any, post: Any) -> dict[str, Any]:
    own = sign_up.volunteer.person_id == viewer.person_id
    shown: dict[str, Any] = {
        "id": str(sign_up.pk), "name": sign_up.volunteer.person.name, "number": sign_up.volunteer.number, "own": own,
        "state": "还没有签到", "tone": "neutral", "review": "", "open": False, "came": False, "left": False,
    }
    if found is None:
        return shown
    if found.state == "no_show":
        return shown | {"state": f"未到：{found.absent_why}", "tone": "late"}
    times = f"{clock(found.came_at)}—{clock(found.left_at) if found.left_at else '还没有签退'}"
    done = {"came": True, "left": found.left_at is not None, "review": found.needs_review, "attendance": str(found.pk)}
    if found.booked_at:
        return shown | done | {"state": f"{times}，记入台账 {minutes_words(found.approved)}", "tone": "done"}
    if found.approved is not None:
        words = f"{times}，认定 {minutes_words(found.approved)}，公示到 {day(found.notice_until)}"
        return shown | done | {"state": words, "tone": "accent"}
    return shown | done | {
        "state": f"{times}，签到时长 {minutes_words(found.checked)}" if found.checked is not None else times,
        "tone": "soon", "open": found.checked is not None and not own,
        "minutes": post.get(f"minutes-{found.pk}", found.checked), "why": post.get(f"why-{found.pk}", ""),
    }


def _served(request: HttpRequest) -> int:
    return whole(request.POST, "served", "服务对象人数") if request.POST.get("served", "").strip() else 0


def _approvals(request: HttpRequest) -> dict[UUID, Approval]:
    post = request.POST
    try:
        chosen = [UUID(one) for one in post.getlist("attendance")]
    except ValueError as error:
        raise BadInput("attendance", "名单已经变了，请刷新页面。") from error
    if not chosen:
        raise BadInput("attendance", "还没有能认定的人：要先有签到和签退。")
    return {one: Approval(whole(post, f"minutes-{one}", "认定分钟数"), text(post, f"why-{one}", 200)) for one in chosen}


@signed_in
def notice(request: HttpRequest) -> HttpResponse:
    """Hours under notice for everybody of the community: names masked, each with a way to object."""
    viewer, community = viewer_of(request), chosen_community(request)
    rows = [
        row(f"{mask_name(one.sign_up.volunteer.person.name)} · {minutes_words(one.approved or 0)}",
            href=reverse("volunteers:object", args=[one.pk]), id=str(one.pk),
            sub=f"{one.shift.call.title} · {when(one.shift.starts_at)}", meta=f"公示到 {day(one.notice_until)}")
        for one in attendance.under_notice(viewer, community.id, timezone.localdate())
    ]
    objections, appeals = attendance.waiting_for_office(viewer, community.id)
    return render(request, "volunteers/notice.html", {
        "community": community, "rows": rows, "office": is_office(viewer, community.id),
        "objections": [{"id": one.pk, "words": one.words, "contact": one.contact, "at": when(one.said_at),
                        "who": one.attendance.sign_up.volunteer.person.name, "what": one.attendance.shift.call.title,
                        "minutes": minutes_words(one.attendance.approved or 0)} for one in objections],
        "appeals": [{"id": one.pk, "words": one.appeal, "at": when(one.appealed_at), "why": one.absent_why,
                     "who": one.sign_up.volunteer.person.name, "what": one.shift.call.title} for one in appeals],
    })


@signed_in
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """What is under notice, and the form to say that it is not right."""
    viewer = viewer_of(request)
    one = attendance.noticed(viewer, attendance_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.object_to_hours(by=viewer, attendance_id=attendance_id, words=text(request.POST, "words", 2000),
                                    contact=text(request.POST, "contact", 60))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, "异议已收到。核实以前，这条时长不会记入台账。")
            return redirect("volunteers:notice")
    return render(request, "volunteers/object.html", {
        "who": mask_name(one.sign_up.volunteer.person.name), "minutes": minutes_words(one.approved or 0),
        "what": one.shift.call.title, "when": f"{when(one.shift.starts_at)}—{clock(one.shift.ends_at)}",
        "place": one.shift.call.place, "until": day(one.notice_until), "errors": errors,
        "words": request.POST.get("words", ""), "contact": request.POST.get("contact", ""),
    }, status=422 if errors else 200)


@signed_in
@require_POST
def answer(request: HttpRequest, kind: str, item_id: UUID) -> HttpResponse:
    """The office answers an objection or somebody noted as absent."""
    viewer, yes = viewer_of(request), request.POST.get("yes") == "1"

    def work() -> object:
        said = text(request.POST, "answer", 300)
        if kind == "objection":
            return actions.answer_objection(by=viewer, objection_id=item_id, upheld=yes, answer=said)
        return coming.answer_appeal(by=viewer, attendance_id=item_id, accept=yes, answer=said)

    _tapped(request, work, "已答复。")
    return redirect("volunteers:notice")


@signed_in
@require_POST
def explain(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """A volunteer explains why they were not there."""
    _tapped(request, lambda: coming.appeal(by=viewer_of(request), attendance_id=attendance_id,
                                           words=text(request.POST, "words", 300)), "说明已送到社区，会给您答复。")
    return redirect("volunteers:me")


@signed_in
@require_POST
def take_back(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """An approval that is not in the book yet is taken back."""
    viewer = viewer_of(request)
    found = _tapped(request, lambda: actions.take_back_approval(
        by=viewer, attendance_id=attendance_id, why=text(request.POST, "why", 200)), "已撤回，可以重新认定。")
    return redirect("volunteers:attendance", found.shift_id) if found else redirect("volunteers:notice")


def _tapped(request: HttpRequest, work: Callable[[], Made], done: str) -> Made | None:
    """Does what a small form asks for and says how it went; None where it was refused, with the reason said."""
    try:
        made = work()
    except (BadInput, RuleBroken) as error:
        messages.error(request, error.message)
        return None
    messages.success(request, done)
    return made


def own_hours(viewer: Viewer, community_id: UUID) -> dict[str, Any]:
    """What the volunteer's own page shows of hours: the four kinds side by side, and the last attendances."""
    found, past = attendance.own_attendances(viewer, community_id)
    kinds = zip(("计划", "签到", "认定公示中", "记入台账"), found, strict=True)
    return {
        "hours": [stat(name, minutes_words(minutes)) for name, minutes in kinds],
        "past": [_past(one) for one in past],
    }


def _past(one: Any) -> dict[str, Any]:
    shown = {"id": one.pk, "what": one.shift.call.title, "when": when(one.shift.starts_at), "may_explain": False}
    if one.state == "no_show":
        answered = f"答复：{one.appeal_answer}" if one.appeal_answer else "说明已送到" if one.appeal else ""
        return shown | {"state": f"未到：{one.absent_why} {answered}", "may_explain": not one.appeal}
    if one.booked_at:
        return shown | {"state": f"记入台账 {minutes_words(one.approved or 0)}"}
    if one.approved is not None:
        return shown | {"state": f"认定 {minutes_words(one.approved)}，公示到 {day(one.notice_until)}"}
    left = clock(one.left_at) if one.left_at else "还没有签退"
    return shown | {"state": f"{clock(one.came_at)}—{left}，等负责人认定"}
