"""Sports meetings: the desk's page of events and results, the page for everybody, the ticket's part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fuhui.domains.activities.actions import competing, contests
from fuhui.domains.activities.permissions import may_change, may_enter_contest, may_record_results
from fuhui.domains.activities.queries import contests_of, places_in, public_activity, seen_by_desk
from fuhui.domains.activities.rules.activity import Kind
from fuhui.domains.activities.rules.sports import (
    AWARDED,
    EVERYBODY,
    MEASURE_EXAMPLES,
    MEASURE_NAMES,
    MOST_ENTRIES,
    result_words,
)
from fuhui.domains.activities.rules.teams import Competitor, members_in
from fuhui.domains.activities.web.shapes import facts
from fuhui.registry.places.web.desk import Deed, Sent, context, do_one, number
from fuhui.registry.places.web.entry import key, signed_in, text, viewer_of
from fuhui.registry.places.web.residents import calling
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.ui.format import mask_name
from fuhui.shared.ui.shapes import options
from fuhui.shared.viewers import Viewer

SEXES = [("female", "女"), ("male", "男")]
NOT_SPORTS = "这场活动不是运动会。请回到活动页。"


@require_http_methods(["GET", "POST"])
@signed_in
def meeting_page(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Events, entries, draw and results; `do` names the deed."""
    if request.method == "GET":
        return _meeting(request, activity_id)
    seen_by_desk(viewer_of(request), activity_id)
    show = lambda sent, status: _meeting(request, activity_id, sent, status=status)  # noqa: E731
    return do_one(request, activity_id, DEEDS, show, "activities:meeting")


def _meeting(
    request: HttpRequest, activity_id: UUID, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    activity = seen_by_desk(viewer, activity_id)
    if activity.kind != Kind.SPORTS:
        raise NotFound("not_sports", NOT_SPORTS)
    found = contests_of(activity)
    typed = sent.values if sent else {}
    return render(request, "activities/meeting.html", {
        "activity": facts(activity), "contests": [_contest(*one, typed, is_desk=True) for one in found],
        "may_change": may_change(viewer, activity).allowed, "measures": options(MEASURE_NAMES.items()),
        "may_enter": may_enter_contest(viewer, activity, now).allowed, "sexes": SEXES,
        "record": may_record_results(viewer, activity, now), **_choices(one for one, _ in found),
        "code": activity.code, "most_each": activity.contests_each,
    } | context(sent, lanes="6", team_size="1", each=str(activity.contests_each)), status=status)


@require_GET
def results_page(request: HttpRequest, code: str, activity_id: UUID) -> HttpResponse:
    """Draw and results for everybody: full names only where that was agreed."""
    with calling(request, code) as caller:
        activity = public_activity(caller.viewer, caller.community.id, activity_id)
        if activity.kind != Kind.SPORTS:
            raise NotFound("not_sports", NOT_SPORTS)
        return render(request, "activities/results.html", {
            "activity": facts(activity), "code": code,
            "contests": [_contest(*one, {}, is_desk=False) for one in contests_of(activity)],
        })


def own_contests(signup: Any) -> dict[str, Any]:
    """For a ticket: the events that may be entered and those that its people are in."""
    activity = signup.activity
    if activity.kind != Kind.SPORTS:
        return {}
    found = contests_of(activity)
    is_open = timezone.now() < activity.starts_at
    return {
        **_choices(one for one, _ in found if one.seed is None and is_open), "has_contests": bool(found),
        "most_each": activity.contests_each, "sexes": SEXES, "may_enter": is_open,
        "entered_in": [_line(one, contest, 0, {}, is_desk=True) | {"contest": contest.title}
                       for contest, entries in found for one in entries if one.signup_id == signup.pk],
    }


def compete(request: HttpRequest, by: Viewer, activity_id: UUID, signup_id: UUID) -> str:
    """What the holder of a ticket does about events, and what is said to it."""
    if request.POST.get("do") == "withdraw":
        competing.withdraw_entry(by=by, activity_id=activity_id, entry_id=_ident(request, "entry", "报项"),
                                 signup_id=signup_id, by_ticket=True)
        return "退出这个项目了。"
    return _said(_entered(request, by, activity_id, signup_id=signup_id, by_ticket=True))


def _choices(contests: Iterable[Any]) -> dict[str, Any]:
    """The events to choose from: those for one person, and those for teams with how many a team has."""
    found = list(contests)
    return {
        "singles": [(str(one.pk), one.title) for one in found if one.team_size == 1],
        "teams": [(str(one.pk), f"{one.title}（一队 {one.team_size} 人）") for one in found if one.team_size > 1],
    }


def _contest(contest: Any, entries: Sequence[Any], typed: dict[str, str], *, is_desk: bool) -> dict[str, Any]:
    places = places_in(contest, entries)
    lines = [_line(one, contest, places.get(one.pk, 0), typed, is_desk=is_desk) for one in entries]
    order = [one["name"] for one in contest.groups]
    lines.sort(key=lambda one: (order.index(one["group"]), 0 if is_desk else one["place"] or MOST_ENTRIES + 1))
    return {
        "id": str(contest.pk), "title": contest.title, "measure": MEASURE_NAMES[contest.measure], "seed": contest.seed,
        "example": MEASURE_EXAMPLES[contest.measure],
        "count": len(entries), "has_results": bool(places) or any(one.absent for one in entries),
        "lanes": contest.lanes, "unit": "人" if contest.team_size == 1 else "队", "team_size": contest.team_size,
        "groups": [{"name": "" if name == EVERYBODY else name, "lines": list(some)}
                   for name, some in groupby(lines, key=lambda one: one["group"])],
    }


def _line(entry: Any, contest: Any, place: int, typed: dict[str, str], *, is_desk: bool) -> dict[str, Any]:
    result = "" if entry.result is None else result_words(entry.result, contest.measure)
    people = [one.name if is_desk or one.agreed else mask_name(one.name) for one in entry.people]
    return {
        "id": str(entry.pk), "name": entry.team or "".join(people), "people": "、".join(people) if entry.team else "",
        "group": entry.group, "shown_group": "" if entry.group == EVERYBODY else f"（{entry.group}）",
        "slot": f"第 {entry.heat} 组 {entry.lane} 道" if entry.heat else "",
        "place": place, "result": "弃权" if entry.absent else result, "award": 1 <= place <= AWARDED,
        "typed": typed.get(f"r-{entry.pk}", "弃权" if entry.absent else result.partition(" ")[0]),
        "field": f"r-{entry.pk}",
    }


def _entered(request: HttpRequest, by: Viewer, activity_id: UUID, **ticket: Any) -> Any:
    """Enters who was typed: one person, or a team where the form names one."""
    post, contest = request.POST, _ident(request, "contest", "项目")
    if post.get("do") == "enter_team":
        members = members_in(text(post, "members", 4000), agreed=bool(post.get("agreed")))
        return competing.enter_team(by=by, activity_id=activity_id, contest_id=contest, team=text(post, "team", 200),
                                    members=members, **ticket)
    return competing.enter_contest(by=by, activity_id=activity_id, contest_id=contest, who=_competitor(post), **ticket)


def _said(row: Any) -> str:
    group = "" if row.group == EVERYBODY else f"，{row.group}"
    return f"报好了：{row.name}，{row.contest.title}{group}。"


def _competitor(post: QueryDict) -> Competitor:
    born = text(post, "born", 20)
    if born and not (born.isdecimal() and len(born) == 4):
        raise BadInput("born", "出生年份要写成四位数，例如 1956。", field="born")
    return Competitor(name=text(post, "name", 200), phone=text(post, "phone", 40), born=int(born or 0),
                      sex=text(post, "sex", 10), agreed=bool(post.get("agreed")))


def _ident(request: HttpRequest, name: str, what: str) -> UUID:
    found = key(request.POST, name, what)
    if found is None:
        raise BadInput(name, f"请选择{what}。", field=name)
    return found


def event_in(post: QueryDict) -> contests.Event:
    """The event that was typed. Raises BadInput naming the field."""
    return contests.Event(
        title=text(post, "title", 2000), measure=text(post, "measure"), groups=text(post, "groups", 2000),
        lanes=number(post, "lanes", "一次上场的数"), team_size=number(post, "team_size", "一队的人数", "1"),
    )


def _add(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    row = contests.add_contest(by=by, activity_id=activity_id, event=event_in(request.POST))
    return f"加好了：{row.title}，{len(row.groups)} 个组。"


def _limit(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    most = number(request.POST, "each", "每人最多报几项")
    contests.limit_contests(by=by, activity_id=activity_id, most=most)
    return f"每人最多报 {most} 项。"


def _enter(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    row = _entered(request, by, activity_id)
    return _said(row) + ("这个项目抽过签了，请重新抽签。" if row.contest.seed is not None else "")


def _withdraw(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    competing.withdraw_entry(by=by, activity_id=activity_id, entry_id=_ident(request, "entry", "报项"))
    return "退出这个项目了。"


def _draw(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    count = contests.draw_heats(by=by, activity_id=activity_id, contest_id=_ident(request, "contest", "项目"))
    return f"抽好了，{count} 个报项上场。"


def _results(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    found = {}
    for name in request.POST:
        if name.startswith("r-"):
            try:
                found[UUID(name[2:])] = text(request.POST, name, 20)
            except ValueError as error:
                raise BadInput("result", "成绩对不上人，请刷新页面再填。") from error
    changed = competing.record_results(by=by, activity_id=activity_id, contest_id=_ident(request, "contest", "项目"),
                                       results=found)
    return f"记下 {changed} 个成绩，名次已排好。"


DEEDS: dict[str, Deed] = {
    "add": _add, "limit": _limit, "enter": _enter, "enter_team": _enter, "withdraw": _withdraw, "draw": _draw,
    "results": _results,
}
