"""What happens to attendances by the clock: forgotten ones end at the plan, settled hours go into the book."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from fuhui.domains.volunteers.actions.attendance import close_forgotten
from fuhui.domains.volunteers.actions.hours import count_hours
from fuhui.domains.volunteers.models import Attendance
from fuhui.domains.volunteers.rules.attendance import LATE
from fuhui.shared.errors import PeopleError
from fuhui.shared.jobs import every, for_each_community
from fuhui.shared.tenancy.scope import current

AT_ONCE = 500


@every("17 * * * *", "volunteers.close_forgotten")
def close_all() -> None:
    """Attendances of every community that nobody ended."""
    for_each_community(_close_now)


@every("40 3 * * *", "volunteers.count_hours")
def count_all() -> None:
    """Hours of every community whose notice ended yesterday or before."""
    for_each_community(_count_now)


def close_due(community_id: UUID, *, now: datetime) -> int:
    """Ends what is open two hours after its shift; returns how many."""
    due = Attendance.objects.filter(
        community_id=community_id, came_at__isnull=False, left_at__isnull=True, shift__ends_at__lt=now - LATE)
    ids = list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(close_forgotten(by=current(), attendance_id=one) for one in ids)


def count_due(community_id: UUID, *, now: datetime) -> int:
    """Counts the hours of shifts whose notice has ended; one that the book refuses waits for the office. Returns how
    many volunteers' hours were counted."""
    due = Attendance.objects.filter(
        community_id=community_id, booked_at__isnull=True, approved__isnull=False,
        notice_until__lt=timezone.localdate(now))
    counted = 0
    for shift in sorted(set(due.values_list("shift_id", flat=True)[:AT_ONCE])):
        try:
            counted += count_hours(by=current(), shift_id=shift)
        except PeopleError:  # more than 24 hours that day: the office sees it among what is not settled
            continue
    return counted


def _close_now(community_id: UUID) -> None:
    close_due(community_id, now=timezone.now())


def _count_now(community_id: UUID) -> None:
    count_due(community_id, now=timezone.now())
