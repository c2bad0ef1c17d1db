"""A course or a series: the same plan on many days, each an activity of its own with its own list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction

from fuhui.domains.activities.actions.locking import lock_activity, note
from fuhui.domains.activities.actions.planning import approve_activity, plan_activity, publish_activity
from fuhui.domains.activities.models import Activity
from fuhui.domains.activities.permissions import may_plan
from fuhui.domains.activities.rules.activity import Plan, State
from fuhui.domains.activities.rules.series import Repeat, occurrences
from fuhui.shared.calendar.queries import load_calendar
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.viewers import Viewer

_FRIDAY = 4


@transaction.atomic
def plan_series(
    *, by: Viewer, community_id: UUID, plan: Plan, repeat: Repeat, request_key: UUID
) -> list[Activity]:
    """Writes a plan down on every day of the rule; the activities share `request_key` as their series.

    Public holidays and the community's own closed days are left out where asked; plain weekends are not. The same
    `request_key` again gives the first ones. Raises BadInput as `occurrences` and for an unsound plan.
    """
    if not by.sees(community_id):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    may_plan(by, community_id).require()
    known = list(Activity.objects.filter(community_id=community_id, series=request_key).order_by("starts_at"))
    if known:
        return known
    length = plan.ends_at - plan.starts_at
    rows = [
        plan_activity(by=by, community_id=community_id, plan=replace(plan, starts_at=begin, ends_at=begin + length),
                      request_key=uuid5(request_key, begin.isoformat()))
        for begin in occurrences(plan, repeat, closed_days(community_id))
    ]
    Activity.objects.filter(community_id=community_id, pk__in=[row.pk for row in rows]).update(series=request_key)
    note("activities.plan_series", by, rows[0], series=str(request_key), times=len(rows))
    return rows


@transaction.atomic
def approve_series(*, by: Viewer, activity_id: UUID) -> int:
    """Approves what is still planned of the activity's series; returns how many."""
    return _each(by, activity_id, State.PLANNED, approve_activity)


@transaction.atomic
def publish_series(*, by: Viewer, activity_id: UUID) -> int:
    """Opens sign-up for what is approved of the activity's series; returns how many."""
    return _each(by, activity_id, State.APPROVED, publish_activity)


def _each(by: Viewer, activity_id: UUID, state: State, deed: Callable[..., Activity]) -> int:
    activity = lock_activity(by, activity_id)
    if activity.series is None:
        raise RuleBroken("no_series", "这场活动不属于一个系列。")
    found = Activity.objects.filter(community_id=activity.community_id, series=activity.series, state=state)
    ids = list(found.order_by("starts_at", "pk").values_list("pk", flat=True))
    for one in ids:
        deed(by=by, activity_id=one)
    if not ids:
        deed(by=by, activity_id=activity_id)  # nothing is left to do: says why
    return len(ids)


def closed_days(community_id: UUID) -> Callable[[date], bool]:
    """Whether a day is a public holiday or one on which the community is closed; plain weekends are not."""
    known = load_calendar(community_id)
    return lambda day: not known.is_working(day) and (day in known.names or day.weekday() <= _FRIDAY)
