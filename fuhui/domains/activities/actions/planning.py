"""From the plan to the notice board: planned, approved by another, published, moved, resized, cancelled."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.informing import tell_everybody
from fuhui.domains.activities.actions.locking import guarded, lock_activity, note, require
from fuhui.domains.activities.actions.signing import offer_places
from fuhui.domains.activities.events import ActivityCancelled, ActivityPublished
from fuhui.domains.activities.models import Activity, Helper
from fuhui.domains.activities.permissions import may_approve, may_change, may_plan, may_publish
from fuhui.domains.activities.rules.activity import (
    MOST_PLACES,
    PLACE,
    REASON,
    Plan,
    State,
    minutes_between,
    sound_plan,
    sound_times,
)
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Person
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.ui.format import when
from fuhui.shared.viewers import Viewer


@transaction.atomic
def plan_activity(*, by: Viewer, community_id: UUID, plan: Plan, request_key: UUID) -> Activity:
    """Writes a plan down; another approves it. The same `request_key` again gives the first plan."""
    if not by.sees(community_id):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    may_plan(by, community_id).require()
    tidy = sound_plan(plan, timezone.now())
    kind = catalogue_for(by, community_id).kind(tidy.service_code)
    if kind is None or not kind.is_active:
        raise BadInput("service", "请选择服务目录里的一项，结束后记在它名下。", field="service_code")
    _own_unit(community_id, tidy.organiser)
    row, is_new = Activity.objects.get_or_create(
        community_id=community_id, request_key=request_key,
        defaults={
            "title": tidy.title, "text": tidy.text, "kind": tidy.kind, "place": tidy.place,
            "starts_at": tidy.starts_at, "ends_at": tidy.ends_at, "capacity": tidy.capacity,
            "service_code": tidy.service_code, "organiser_id": tidy.organiser, "planned_by": by.actor,
            "planned_account": by.account_id,
        },
    )
    if is_new:
        note("activities.plan", by, row, starts_at=row.starts_at.isoformat(), capacity=row.capacity)
    return row


@transaction.atomic
def approve_activity(*, by: Viewer, activity_id: UUID) -> Activity:
    """Approves a plan; never the planner's own."""
    activity = lock_activity(by, activity_id)
    require(may_approve(by, activity))
    activity.state, activity.approved_by, activity.approved_at = State.APPROVED, by.actor, timezone.now()
    activity.save()
    note("activities.approve", by, activity)
    return activity


@transaction.atomic
def publish_activity(*, by: Viewer, activity_id: UUID) -> Activity:
    """Opens sign-up. Raises RuleBroken for one whose beginning has passed."""
    activity = lock_activity(by, activity_id)
    require(may_publish(by, activity))
    if activity.starts_at <= timezone.now():
        raise RuleBroken("begun", "开始时间已经过了，请先改时间再发布。")
    activity.state = State.PUBLISHED
    activity.save()
    note("activities.publish", by, activity)
    publish(ActivityPublished(community_id=activity.community_id, activity_id=activity.pk))
    return activity


@transaction.atomic
def move_activity(
    *, by: Viewer, activity_id: UUID, starts_at: datetime, ends_at: datetime, place: str, reason: str
) -> int:
    """Moves it in time or place and tells everybody who signed up; returns how many could be told."""
    activity = lock_activity(by, activity_id)
    require(may_change(by, activity))
    sound_times(starts_at, ends_at, timezone.now())
    where = place.replace("\x00", "").strip()
    if not 1 <= len(where) <= PLACE:
        raise BadInput("place", f"请写活动地点，最多 {PLACE} 个字。", field="place")
    activity.reason = reason_in(reason)
    activity.starts_at, activity.ends_at, activity.place = starts_at, ends_at, where
    activity.save()
    note("activities.move", by, activity, starts_at=starts_at.isoformat(), place=where, reason=activity.reason)
    return tell_everybody(
        activity, "活动改时间地点了",
        f"{activity.title}改到 {when(starts_at)}，{where}。{activity.reason}。来不了请取消报名，把名额让给别人。",
    )


@transaction.atomic
def resize_activity(*, by: Viewer, activity_id: UUID, capacity: int) -> Activity:
    """Changes the places. More of them are offered to those who wait; fewer than are taken is refused."""
    activity = lock_activity(by, activity_id)
    require(may_change(by, activity))
    if not 1 <= capacity <= MOST_PLACES:
        raise BadInput("capacity", f"名额是 1 到 {MOST_PLACES} 的整数。", field="capacity")
    if capacity < activity.taken:
        raise BadInput("taken", f"已经有 {activity.taken} 人占了名额，不能少于这个数。", field="capacity")
    activity.capacity = capacity
    activity.save()
    note("activities.resize", by, activity, capacity=capacity)
    offer_places(activity, timezone.now())
    return activity


@transaction.atomic
def cancel_activity(*, by: Viewer, activity_id: UUID, reason: str) -> int:
    """Cancels it and tells everybody who signed up; returns how many could be told."""
    activity = lock_activity(by, activity_id)
    require(may_change(by, activity))
    activity.reason, activity.state = reason_in(reason), State.CANCELLED
    activity.save()
    note("activities.cancel", by, activity, reason=activity.reason)
    said = f"{activity.title}（{when(activity.starts_at)}）取消。{activity.reason}"
    told = tell_everybody(activity, "活动取消了", said)
    publish(ActivityCancelled(community_id=activity.community_id, activity_id=activity.pk))
    return told


@transaction.atomic
def add_helper(
    *, by: Viewer, activity_id: UUID, role: str, person: UUID | None = None, organisation: UUID | None = None,
    heads: int = 1, minutes: int | None = None,
) -> Helper:
    """Writes down who gives the activity: a resident, or a unit with its people. Their minutes go into the book."""
    activity = lock_activity(by, activity_id)
    may_plan(by, activity.community_id).require()
    if activity.state in {State.CLOSED, State.CANCELLED}:
        raise RuleBroken("ended", "活动已经结束，台账只增不改。漏记的服务请在服务台账里补记。")
    if role not in dict(Helper.ROLES) or (person is None) == (organisation is None):
        raise BadInput("helper", "请选择一位居民，或者一个单位。", field="person")
    length = minutes or minutes_between(activity.starts_at, activity.ends_at)
    if not 1 <= length <= 1440 or not 1 <= heads <= 500:
        raise BadInput("minutes", "时长 1 到 1440 分钟，人数 1 到 500。", field="minutes")
    _own_unit(activity.community_id, organisation)
    if person and not Person.objects.filter(community_id=activity.community_id, pk=person).exists():
        raise BadInput("person", "这位居民不在本社区的名册里，请重新选择。", field="person")
    row = Helper(community_id=activity.community_id, activity=activity, role=role, person_id=person,
                 organisation_id=organisation, heads=1 if person else heads, minutes=length, actor=by.actor)
    guarded(row.save)
    note("activities.helper", by, activity, role=role, minutes=length)
    return row


def reason_in(words: str) -> str:
    """The reason, trimmed. Raises BadInput where there is none or too much."""
    tidy = words.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= REASON:
        raise BadInput("reason", f"请写明原因，最多 {REASON} 个字，会告诉报名的人。", field="reason")
    return tidy


def _own_unit(community_id: UUID, organisation: UUID | None) -> None:
    if organisation and not Organisation.objects.filter(community_id=community_id, pk=organisation).exists():
        raise BadInput("organiser", "这个组织不在本社区，请重新选择。", field="organiser")
