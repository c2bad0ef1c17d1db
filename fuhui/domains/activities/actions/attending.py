"""At the door, and the end: check-in counted once, refused scans kept, and the activity closed into the book."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.locking import lock_activity, note, require
from fuhui.domains.activities.events import ActivityClosed
from fuhui.domains.activities.models import Activity, CheckIn, Helper, SignUp
from fuhui.domains.activities.permissions import may_close, may_plan
from fuhui.domains.activities.queries import attendances, came_by_name
from fuhui.domains.activities.rules.activity import (
    EARLY,
    MOST_WALK_INS,
    Outcome,
    SignState,
    State,
    minutes_between,
)
from fuhui.domains.activities.tickets import read_ticket
from fuhui.registry.accounts.queries.staff import staff_member
from fuhui.registry.ledger.actions import Served, ServedBy, write_service
from fuhui.registry.people.models import Person
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.viewers import Viewer

SOURCE = "activities.activity"


@transaction.atomic
def check_in(
    *, by: Viewer, activity_id: UUID, client_uuid: UUID, signup_id: UUID | None = None, ticket: str = "",
    walk_ins: int = 0, at: datetime | None = None,
) -> CheckIn:
    """Checks in a sign-up (tapped in the list, or by its ticket), or a number of people who just came.

    The same `client_uuid` again gives the first answer. A refused scan is kept too and answered by its `outcome`, so
    nothing is lost. `at` is the device's clock, for scans that arrive late; a moment ahead of ours counts as now.
    """
    activity = lock_activity(by, activity_id)
    may_plan(by, activity.community_id).require()
    first = CheckIn.objects.filter(community_id=activity.community_id, client_uuid=client_uuid).first()
    if first:
        return first
    now = timezone.now()
    moment = min(at or now, now)
    if not ticket and signup_id is None and not 1 <= walk_ins <= MOST_WALK_INS:
        raise BadInput("walk_ins", f"没有报名来的人数填 1 到 {MOST_WALK_INS}。", field="walk_ins")
    signup, outcome = _judge(activity, signup_id, ticket, moment)
    how = "ticket" if ticket else "tap" if signup_id else "walk_in"
    return CheckIn.objects.create(
        community_id=activity.community_id, activity=activity, client_uuid=client_uuid, outcome=outcome, how=how,
        signup=signup if outcome != Outcome.OTHER else None, heads=signup.heads if signup else max(1, walk_ins),
        person_id=_new_face(activity, signup) if outcome == Outcome.OK else None,
        actor=by.actor, at=moment, received_at=now,
    )


@transaction.atomic
def close_activity(*, by: Viewer, activity_id: UUID) -> Activity:
    """Ends an activity and writes it into the book: who came, who helped, for how long. Nothing is changed later."""
    activity = lock_activity(by, activity_id)
    now = timezone.now()
    require(may_close(by, activity, now))
    activity.state, activity.closed_at = State.CLOSED, now
    activity.save()
    came = attendances(activity)
    write_service(
        by=by, community=activity.community_id, source=SOURCE, key=str(activity.pk), kind=activity.service_code,
        title=activity.title, occurred_at=activity.starts_at, place=activity.place,
        minutes=minutes_between(activity.starts_at, activity.ends_at), organiser=activity.organiser_id,
        served_by=_served_by(by, activity), served=_served(activity, came),
    )
    note("activities.close", by, activity, attendances=came)
    publish(ActivityClosed(community_id=activity.community_id, activity_id=activity.pk, attendances=came))
    return activity


def _new_face(activity: Activity, signup: SignUp | None) -> UUID | None:
    """The resident who signed up, unless they were checked in under another sign-up or from the paper list."""
    if signup is None or signup.person_id is None:
        return None
    known = CheckIn.objects.filter(activity=activity, outcome=Outcome.OK, person=signup.person_id).exists()
    return None if known else signup.person_id


def _judge(
    activity: Activity, signup_id: UUID | None, ticket: str, at: datetime
) -> tuple[SignUp | None, Outcome]:
    signup = None
    if ticket:
        try:
            signup_id = read_ticket(ticket).signup_id
        except NotFound:
            return None, Outcome.FORGED
    if signup_id:
        found = SignUp.objects.filter(community_id=activity.community_id, pk=signup_id)
        signup = found.first()
        if signup is None:
            return None, Outcome.FORGED
        if signup.activity_id != activity.pk:
            return signup, Outcome.OTHER
    if activity.state != State.PUBLISHED:
        return signup, Outcome.CLOSED
    if at < activity.starts_at - EARLY:
        return signup, Outcome.EARLY
    return signup, _standing(activity, signup) if signup else Outcome.OK


def _standing(activity: Activity, signup: SignUp) -> Outcome:
    if CheckIn.objects.filter(activity=activity, signup=signup, outcome=Outcome.OK).exists():
        return Outcome.AGAIN
    return {
        SignState.CONFIRMED: Outcome.OK, SignState.WAITING: Outcome.WAITING, SignState.OFFERED: Outcome.WAITING,
    }.get(SignState(signup.state), Outcome.ENDED)


def _served(activity: Activity, came: int) -> list[Served]:
    """Residents of the register once each; whoever came along, and who is not in it, as a number."""
    seen = came_by_name(activity)
    merged = Person.objects.filter(community_id=activity.community_id, pk__in=seen, merged_into__isnull=False)
    kept = dict(merged.values_list("pk", "merged_into_id"))
    persons = sorted({kept.get(one, one) for one in seen})
    named = [Served(person=one) for one in persons]
    rest = came - len(named)
    return [*named, Served(heads=rest)] if rest > 0 else named


def _served_by(by: Viewer, activity: Activity) -> list[ServedBy]:
    """Helpers, lecturers and partners; where none were written down the organiser, else who planned it."""
    rows = Helper.objects.filter(activity=activity).order_by("pk")
    found = [
        ServedBy(person=one.person_id, organisation=one.organisation_id, heads=one.heads, minutes=one.minutes)
        for one in rows
    ]
    if found:
        return found
    if activity.organiser_id:
        return [ServedBy(organisation=activity.organiser_id)]
    account = activity.planned_account
    if account and staff_member(activity.community_id, account) is not None:
        return [ServedBy(account=account)]
    if by.account_id:
        return [ServedBy(account=by.account_id)]
    raise RuleBroken("nobody", "还不知道这场活动是谁办的。请先登记出力的人或单位，再结束活动。")
