"""Feedback: the form for who was served and for staff, the list for leaders, and their answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fuhui.domains.volunteers.actions import feedback as actions
from fuhui.domains.volunteers.actions.timebank import may_spend
from fuhui.domains.volunteers.permissions import is_office, may_plan
from fuhui.domains.volunteers.queries import feedback, shifts
from fuhui.domains.volunteers.rules.feedback import BAD, STAR_WORDS, WAY_WORDS, Said, Way
from fuhui.domains.volunteers.web.timebank_account import known_by
from fuhui.registry.people.queries import people_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, NotAllowed, PeopleError
from fuhui.shared.ui.format import day, when
from fuhui.shared.viewers import Viewer

_OTHERS = "评价由得到服务的人自己写，或告诉社区工作者、网格员代记。"
_STARS = [(str(stars), f"{'★' * stars} {words}") for stars, words in STAR_WORDS.items()]
_WAYS = [(way.value, WAY_WORDS[way]) for way in (Way.PHONE, Way.DESK)]


@signed_in
@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Somebody served by a shift says how it was, or staff write down what they say; leaders read it here."""
    viewer = viewer_of(request)
    one = shifts.shift_for(viewer, shift_id)
    staff, leads = feedback.may_enter(viewer, one.community_id), may_plan(viewer, one.community_id, one.call.team_id)
    if request.method == "POST" and not staff and viewer.person_id is None:
        raise NotAllowed("feedback_enter", _OTHERS)
    error = None
    if request.method == "POST":
        try:
            actions.rate_shift(by=viewer, shift_id=shift_id, person_id=_who(viewer, request.POST),
                               said=_said(request.POST))
        except PeopleError as found:
            error = _kept(found)
        else:
            return _thanked(request, reverse("volunteers:call", args=[one.call_id]))
    words = text(request.POST or request.GET, "q", 30)
    people = people_for(viewer, community_id=one.community_id, words=words, limit=20).people if staff and words else []
    address = request.build_absolute_uri(reverse("volunteers:feedback-shift", args=[one.pk]))
    return _form(request, error, {
        "title": one.call.title, "intro": f"{when(one.starts_at)}，{one.call.place}", "staff": staff,
        "own": viewer.person_id is not None, "q": words, "search": True,
        "back": reverse("volunteers:call", args=[one.call_id]),
        "people": [(str(each.pk), each.name, known_by(each)) for each in people],
        "rows": [_row(viewer, row) for row in feedback.latest(viewer, one.community_id, shift_id=one.pk)]
        if leads.allowed else [], "leads": leads.allowed,
        "qr": segno.make(address, error="m").svg_data_uri(scale=6, border=4, light="#fff", dark="#000"),
    })


@signed_in
@require_http_methods(["GET", "POST"])
def bank_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The same for a request of the time bank."""
    viewer = viewer_of(request)
    one = feedback.request_for(viewer, request_id)
    own, staff = may_spend(viewer, one.account), feedback.may_enter(viewer, one.community_id)
    if not own and not staff:
        raise NotAllowed("feedback_enter", _OTHERS)
    error = None
    if request.method == "POST":
        try:
            actions.rate_request(by=viewer, request_id=request_id, said=_said(request.POST))
        except PeopleError as found:
            error = _kept(found)
        else:
            return _thanked(request, reverse("volunteers:bank"))
    helper = one.volunteer.person.name if one.volunteer else ""
    return _form(request, error, {
        "title": one.words, "intro": f"{day(one.wanted_on)}，{helper}帮的忙", "staff": staff and not own, "own": own,
        "back": reverse("volunteers:bank"), "search": False, "people": [], "rows": [], "leads": False,
    })


def _form(request: HttpRequest, error: PeopleError | None, shown: dict[str, Any]) -> HttpResponse:
    return render(request, "volunteers/feedback.html", shown | {
        "errors": errors_of(error) if error else {}, "values": request.POST, "stars": _STARS, "ways": _WAYS,
    }, status=error.status if error else 200)


def _said(post: QueryDict) -> Said:
    stars = post.get("stars", "")
    return Said(int(stars) if stars.isdecimal() else 0, text(post, "words", 200), bool(post.get("may_show")),
                text(post, "way", 5) or Way.SELF)


def _who(viewer: Viewer, post: QueryDict) -> UUID:
    who = key(post, "person_id", "居民") or (viewer.person_id if not post.get("for_other") else None)
    if who is None:
        raise BadInput("person_id", "请先搜索并选择是哪位居民说的。", field="person_id")
    return who


def _kept(error: PeopleError) -> PeopleError:
    """What the form can show; anything else is a page of its own."""
    if error.status not in {403, 409, 422}:
        raise error
    return error


def _thanked(request: HttpRequest, where: str) -> HttpResponse:
    messages.success(request, "记下了，谢谢。")
    return redirect(where)


@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """What the leader or the office has to follow up, then the latest; for others what they said themselves."""
    viewer, community = viewer_of(request), chosen_community(request)
    rows = [_row(viewer, row) for row in feedback.latest(viewer, community.id)]
    return render(request, "volunteers/feedback_list.html", {
        "waiting": [row for row in rows if row["bad"] and not row["answer"]],
        "rows": [row for row in rows if not row["bad"] or row["answer"]],
    })


def _row(viewer: Viewer, one: Any) -> dict[str, Any]:
    office = is_office(viewer, one.community_id)
    own = viewer.person_id is not None and one.person_id == viewer.person_id
    what = one.shift.call.title if one.shift else one.request.words
    helper = "" if one.shift else one.request.volunteer.person.name
    return {
        "id": one.pk, "stars": "★" * one.stars, "level": STAR_WORDS[one.stars], "words": one.words, "what": what,
        "when": when(one.shift.starts_at) if one.shift else day(one.request.wanted_on), "helper": helper,
        "team": one.shift.call.team.name if one.shift and one.shift.call.team else "",
        # The office calls back; a leader needs to know what was wrong, not who said so.
        "who": one.person.name if one.person and (office or own) else "一位居民", "way": WAY_WORDS[Way(one.way)],
        "bad": one.stars <= BAD, "answer": one.answer, "answered_by": one.answered_by_name,
        "may_answer": may_plan(viewer, one.community_id, one.shift.call.team_id).allowed if one.shift else office,
        "may_hide": one.may_show and (office or own), "shown": one.may_show,
    }


@signed_in
@require_POST
def answer(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """What was done about it, or the consent to show the sentence is taken back."""
    viewer = viewer_of(request)
    feedback.one_feedback(viewer, feedback_id)
    try:
        if request.POST.get("do") == "hide":
            actions.stop_showing(by=viewer, feedback_id=feedback_id)
        else:
            actions.answer_feedback(by=viewer, feedback_id=feedback_id, words=text(request.POST, "answer", 200))
    except BadInput as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "记下了。")
    return redirect("volunteers:feedback")
