"""Feedback as leaders, the office, volunteers and those served see it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from fuhui.domains.volunteers.models import Attendance, BankRequest, Feedback, Shift, Volunteer
from fuhui.domains.volunteers.permissions import is_office, led_teams
from fuhui.domains.volunteers.queries.timebank import requests_for
from fuhui.domains.volunteers.rules.feedback import BAD, LATEST
from fuhui.domains.volunteers.rules.timebank import Asked
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Role, Viewer


class Told(NamedTuple):
    """What a volunteer's page shows: how many, the mean of the stars, and the sentences that may be shown."""

    number: int
    mean: float
    shown: list[Feedback]


def feedback_for(viewer: Viewer) -> QuerySet[Feedback]:
    """All of a community for its office, of their teams' shifts for leaders; what one said oneself."""
    found = Feedback.objects.filter(community_id__in=viewer.communities).select_related(
        "shift__call__team", "request__volunteer__person", "person").defer(
        "person__id_number", "person__phone", "request__volunteer__person__id_number",
        "request__volunteer__person__phone")
    offices = [one for one in viewer.communities if is_office(viewer, one)]
    scope = Q(community_id__in=offices) | Q(shift__call__team__in=led_teams(viewer))
    return found.filter(scope | Q(person=viewer.person_id) if viewer.person_id else scope)


def latest(viewer: Viewer, community_id: UUID, *, shift_id: UUID | None = None) -> list[Feedback]:
    """What leads to work first: few stars without an answer; then the latest. At most 200."""
    found = feedback_for(viewer).filter(community_id=community_id)
    if shift_id:
        found = found.filter(shift=shift_id)
    rows = list(found.order_by("-said_at", "-pk")[:200])
    return sorted(rows, key=lambda row: row.stars > BAD or bool(row.answer))


def one_feedback(viewer: Viewer, feedback_id: UUID) -> Feedback:
    """One of them. Raises NotFound."""
    found = feedback_for(viewer).filter(pk=feedback_id).first()
    if found is None:
        raise NotFound("feedback", "没有找到这条评价，或它不在您的权限范围内。")
    return found


def about_volunteer(volunteer: Volunteer) -> Told:
    """Feedback about the shifts and requests of a volunteer whom the caller was given, the sentences without names.

    Two statements.
    """
    shifts = Attendance.objects.filter(community_id=volunteer.community_id, sign_up__volunteer=volunteer,
                                       state="present")
    found = Feedback.objects.filter(
        Q(shift__in=shifts.values("shift")) | Q(request__volunteer=volunteer), community_id=volunteer.community_id)
    sums = found.aggregate(number=Count("pk"), mean=Avg("stars"))
    shown = found.filter(may_show=True).select_related("shift__call", "request").order_by("-said_at", "-pk")
    return Told(sums["number"], float(sums["mean"] or 0), list(shown[:20]) if sums["number"] else [])


def to_rate(community_id: UUID, own: Collection[UUID]) -> list[BankRequest]:
    """Services of the last 90 days to these accounts that nobody has rated."""
    if not own:
        return []
    found = BankRequest.objects.filter(
        community_id=community_id, account__in=own, state=Asked.DONE, feedback__isnull=True,
        wanted_on__gte=timezone.localdate() - LATEST)
    return list(found.order_by("-wanted_on", "-pk")[:20])


def request_for(viewer: Viewer, request_id: UUID) -> BankRequest:
    """One request of the time bank that the viewer sees. Raises NotFound."""
    found = requests_for(viewer).filter(pk=request_id).first()
    if found is None:
        raise NotFound("bank_request", "没有找到这个求助，或它不在您的权限范围内。")
    return found


def has_approved(shift: Shift) -> bool:
    """Whether somebody's hours of a shift were approved, so that there was a service."""
    return Attendance.objects.filter(community_id=shift.community_id, shift=shift, approved__gt=0).exists()


def was_there(shift: Shift, person_id: UUID) -> bool:
    """Whether a resident served in a shift."""
    return Attendance.objects.filter(
        community_id=shift.community_id, shift=shift, person=person_id, state="present").exists()


def may_enter(viewer: Viewer, community_id: UUID) -> bool:
    """Write down what somebody else says: the office, and grid workers for the residents they see."""
    return is_office(viewer, community_id) or viewer.has(Role.GRID_WORKER, community_id=community_id)
