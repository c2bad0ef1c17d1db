"""The desk's page of one event of a sports meeting: changed, or taken out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuhui.domains.activities.actions.contests import edit_contest, remove_contest
from fuhui.domains.activities.permissions import may_change
from fuhui.domains.activities.queries import contest_for, seen_by_desk
from fuhui.domains.activities.rules.sports import MEASURE_NAMES, Group, groups_words
from fuhui.domains.activities.web.shapes import facts
from fuhui.domains.activities.web.sports import event_in
from fuhui.registry.places.web.desk import Sent, context, typed
from fuhui.registry.places.web.entry import errors_of, signed_in, viewer_of
from fuhui.shared.errors import PeopleError
from fuhui.shared.ui.shapes import options


@require_http_methods(["GET", "POST"])
@signed_in
def contest_page(request: HttpRequest, activity_id: UUID, contest_id: UUID) -> HttpResponse:
    """Changes an event, or takes it out with `do=remove`."""
    viewer, sent, status = viewer_of(request), None, 200
    if request.method == "POST":
        seen_by_desk(viewer, activity_id)
        try:
            messages.success(request, _deed(request, activity_id, contest_id))
            return redirect("activities:meeting", activity_id=activity_id)
        except PeopleError as error:
            sent, status = Sent(typed(request), errors_of(error)), error.status
    activity = seen_by_desk(viewer, activity_id)
    contest, entries = contest_for(activity, contest_id)
    first = {
        "title": contest.title, "measure": contest.measure, "lanes": str(contest.lanes),
        "team_size": str(contest.team_size), "groups": groups_words(Group(**one) for one in contest.groups),
    }
    is_removing = sent is not None and sent.values.get("do") == "remove"
    shown = context(sent, **first)
    return render(request, "activities/contest.html", shown | {
        "activity": facts(activity), "contest": contest.title, "entries": entries, "seed": contest.seed,
        "change": may_change(viewer, activity), "measures": options(MEASURE_NAMES.items()),
        "entered": first if is_removing else shown["entered"],
    }, status=status)


def _deed(request: HttpRequest, activity_id: UUID, contest_id: UUID) -> str:
    by = viewer_of(request)
    if request.POST.get("do") == "remove":
        row = remove_contest(by=by, activity_id=activity_id, contest_id=contest_id)
        return f"{row.title}取消了。"
    row = edit_contest(by=by, activity_id=activity_id, contest_id=contest_id, event=event_in(request.POST))
    return f"改好了：{row.title}。"
