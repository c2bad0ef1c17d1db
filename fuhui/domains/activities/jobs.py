"""What happens to activities by the clock: offers lapse to the next, and what is over closes itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from fuhui.domains.activities.actions.attending import close_activity
from fuhui.domains.activities.actions.signing import lapse_offers
from fuhui.domains.activities.models import Activity, SignUp
from fuhui.domains.activities.rules.activity import CLOSES_AFTER, SignState, State
from fuhui.shared.errors import PeopleError
from fuhui.shared.jobs import every, for_each_community
from fuhui.shared.tenancy.scope import current

AT_ONCE = 200


@every("*/10 * * * *", "activities.lapse_offers")
def lapse_all() -> None:
    """Offers of every community that nobody took in time."""
    for_each_community(_lapse_now)


@every("25 * * * *", "activities.close")
def close_all() -> None:
    """Activities of every community that ended half a day ago."""
    for_each_community(_close_now)


def lapse_due(community_id: UUID, *, now: datetime) -> int:
    """Ends what has lapsed and offers it on; returns how many offers ended."""
    due = SignUp.objects.filter(community_id=community_id, state=SignState.OFFERED, offered_until__lte=now)
    ids = sorted(set(due.values_list("activity_id", flat=True)[:AT_ONCE]))
    return sum(lapse_offers(by=current(), activity_id=one, now=now) for one in ids)


def close_due(community_id: UUID, *, now: datetime) -> int:
    """Closes what ended; one that cannot be closed stays open for the desk. Returns how many were closed."""
    due = Activity.objects.filter(community_id=community_id, state=State.PUBLISHED, ends_at__lte=now - CLOSES_AFTER)
    closed = 0
    for one in list(due.order_by("ends_at").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            close_activity(by=current(), activity_id=one)
            closed += 1
        except PeopleError:  # nobody known who gave it: the desk sees it under what is open
            continue
    return closed


def _lapse_now(community_id: UUID) -> None:
    lapse_due(community_id, now=timezone.now())


def _close_now(community_id: UUID) -> None:
    close_due(community_id, now=timezone.now())
