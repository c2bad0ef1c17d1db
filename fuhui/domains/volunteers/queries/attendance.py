"""Who was there, what is under notice, and what waits for the office."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from fuhui.domains.volunteers.models import Attendance, Objection, Shift, SignUp
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries.shifts import sign_ups_for
from fuhui.registry.ledger.queries.persons import person_minutes
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer


class Hours(NamedTuple):
    """A volunteer's minutes, each kind for itself: what was planned, checked, approved and still under notice, and
    what is in the book."""

    planned: int
    checked: int
    noticed: int
    booked: int


def attendances_of(viewer: Viewer, shift: Shift) -> dict[UUID, Attendance]:
    """Attendances of a shift by sign-up, as far as the viewer sees the sign-ups."""
    seen = sign_ups_for(viewer).filter(shift=shift).values("pk")
    return {row.sign_up_id: row for row in Attendance.objects.filter(shift=shift, sign_up__in=seen)}


def own_sign_up(viewer: Viewer, shift_id: UUID) -> SignUp | None:
    """The viewer's own live sign-up for a shift."""
    if viewer.person_id is None:
        return None
    found = SignUp.objects.filter(community_id__in=viewer.communities, shift=shift_id, is_live=True)
    return found.filter(volunteer__person=viewer.person_id).select_related("shift__call").first()


def under_notice(viewer: Viewer, community_id: UUID, today: date) -> list[Attendance]:
    """Hours that are shown to everybody of the community, the first to end first; at most 300."""
    if not viewer.sees(community_id):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    found = Attendance.objects.filter(
        community_id=community_id, booked_at__isnull=True, notice_until__gte=today, approved__gt=0)
    return list(_with_names(found).order_by("notice_until", "pk")[:300])


def noticed(viewer: Viewer, attendance_id: UUID) -> Attendance:
    """One of them. Raises NotFound where it is not under notice."""
    found = Attendance.objects.filter(
        community_id__in=viewer.communities, pk=attendance_id, booked_at__isnull=True,
        notice_until__gte=timezone.localdate())
    row = _with_names(found).first()
    if row is None:
        raise NotFound("notice", "这条时长不在公示期内。")
    return row


def waiting_for_office(viewer: Viewer, community_id: UUID) -> tuple[list[Objection], list[Attendance]]:
    """Objections without an answer, and answers to being noted as absent. Empty for who is not of the office."""
    if not is_office(viewer, community_id):
        return [], []
    objections = Objection.objects.filter(community_id=community_id, state="open").select_related(
        "attendance__sign_up__volunteer__person", "attendance__shift__call")
    appeals = Attendance.objects.filter(community_id=community_id, appeal_answer="").exclude(appeal="")
    return list(objections.order_by("said_at")), list(_with_names(appeals).order_by("appealed_at"))


def own_attendances(viewer: Viewer, community_id: UUID) -> tuple[Hours, list[Attendance]]:
    """The viewer's own minutes, and their attendances, latest first, at most 50. Two statements."""
    if viewer.person_id is None:
        return Hours(0, 0, 0, 0), []
    found = Attendance.objects.filter(community_id=community_id, person=viewer.person_id)
    came = Q(state="present")
    # Sums over all rows beside each row: the limit cuts the list, not the sums.
    found = found.annotate(
        all_planned=_over_all("planned", came), all_checked=_over_all("checked", came),
        all_noticed=_over_all("approved", came & Q(booked_at__isnull=True)))
    rows = list(found.select_related("shift__call").order_by("-pk")[:50])
    first = rows[0] if rows else None
    sums = (first.all_planned, first.all_checked, first.all_noticed) if first else (0, 0, 0)
    booked = person_minutes(viewer, community_id, viewer.person_id)
    return Hours(planned=sums[0], checked=sums[1], noticed=sums[2], booked=booked), [*rows]


def _over_all(name: str, which: Q) -> Window:
    return Window(Sum(Case(When(which, then=Coalesce(F(name), 0)), default=0)))


def _with_names(found: QuerySet[Attendance]) -> QuerySet[Attendance]:
    return found.select_related("shift__call", "sign_up__volunteer__person").defer(
        "sign_up__volunteer__person__id_number", "sign_up__volunteer__person__phone")
