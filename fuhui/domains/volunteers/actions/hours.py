"""Hours: approved by another, shown to everybody for three working days, then written into the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.attendance import locked_attendance
from fuhui.domains.volunteers.actions.calls import planned
from fuhui.domains.volunteers.events import HoursCounted
from fuhui.domains.volunteers.models import Attendance, Objection, Shift
from fuhui.domains.volunteers.permissions import is_office, may_plan
from fuhui.domains.volunteers.rules.attendance import sound_minutes
from fuhui.registry.ledger.actions import Served, ServedBy, write_service
from fuhui.shared import audit
from fuhui.shared.calendar.queries import load_calendar
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.viewers import Viewer

NOTICE_DAYS = 3  # working days; practice under 民函〔2012〕340号
SOURCE = "volunteers.shift"
MOST_SERVED = 10_000


@dataclass(frozen=True)
class Approval:
    """Minutes that are recognised for one attendance; `why` where they are more than what was checked."""

    minutes: int
    why: str = ""


@transaction.atomic
def approve_hours(*, by: Viewer, shift_id: UUID, approvals: Mapping[UUID, Approval], served: int = 0) -> date:
    """Recognises the hours of a shift that has ended, by who plans it, never their own; `served` is how many people
    were served. They are shown until the returned day and count afterwards.

    Raises BadInput for minutes of more than a day or above the checked ones without a reason, NotAllowed for own
    hours, RuleBroken where somebody has not checked out yet or hours are in the book already.
    """
    shift = planned(by, shift_id)
    if not 0 <= served <= MOST_SERVED:
        raise BadInput("served", f"服务对象人数填 0 到 {MOST_SERVED}。", field="served")
    rows = list(Attendance.objects.select_for_update().filter(shift=shift, pk__in=approvals).order_by("pk"))
    if not rows or len(rows) != len(approvals):
        raise NotFound("attendance", "没有找到要认定的签到记录，请刷新页面。")
    until = notice_end(shift.community_id, timezone.localdate())
    for row in rows:
        _approve(by, row, approvals[row.pk], until)
    Attendance.objects.bulk_update(rows, ["approved", "approved_why", "approved_by", "approved_person_id",
                                          "approved_at", "notice_until"])
    Shift.objects.filter(pk=shift.pk).update(served=served)
    audit.record("volunteers.approve_hours", by=by, community_id=shift.community_id, subject="shift",
                 subject_id=shift.pk, data={"people": len(rows), "minutes": sum(row.approved or 0 for row in rows)})
    return until


@transaction.atomic
def take_back_approval(*, by: Viewer, attendance_id: UUID, why: str) -> Attendance:
    """Hours that are not in the book yet are open again. Raises BadInput without a reason."""
    row = locked_attendance(by, attendance_id)
    may_plan(by, row.community_id, row.shift.call.team_id).require()
    if row.booked_at is not None or row.approved is None:
        raise RuleBroken("booked", "时长已经记入台账，只能由书记冲正；或还没有认定。")
    if not why.strip():
        raise BadInput("why", "请写明为什么撤回认定。", field="why")
    row.approved, row.approved_why, row.approved_by, row.approved_at = None, "", "", None
    row.approved_person_id, row.notice_until = None, None
    row.save()
    audit.record("volunteers.take_back_hours", by=by, community_id=row.community_id, subject="sign_up",
                 subject_id=row.sign_up_id, data={"why": why.strip()[:200]})
    return row


@transaction.atomic
def object_to_hours(*, by: Viewer, attendance_id: UUID, words: str, contact: str = "") -> Objection:
    """Anybody in the community says that hours under notice are not right. Until it is answered they do not count.

    Raises BadInput without words, RuleBroken after the notice has ended.
    """
    row = locked_attendance(by, attendance_id)
    if row.notice_until is None or row.booked_at is not None or timezone.localdate() > row.notice_until:
        raise RuleBroken("no_notice", "这条时长不在公示期内。有疑问请联系社区书记，由书记核实冲正。")
    tidy = words.replace("\x00", "").strip()
    if not tidy:
        raise BadInput("words", "请写明哪里不对，例如那天没有看到他。", field="words")
    found = Objection.objects.create(
        community_id=row.community_id, attendance=row, words=tidy[:300], contact=contact.replace("\x00", "")[:60],
        said_by=by.actor, said_at=timezone.now(),
    )
    audit.record("volunteers.object", by=by, community_id=row.community_id, subject="sign_up",
                 subject_id=row.sign_up_id)
    return found


@transaction.atomic
def answer_objection(*, by: Viewer, objection_id: UUID, upheld: bool, answer: str) -> Objection:
    """The office answers. Upheld, the approval is taken back and the hours are approved anew; else the notice goes on.

    Raises BadInput without an answer, NotAllowed for one's own hours or objection.
    """
    objection = Objection.objects.select_for_update(of=("self",)).filter(
        community_id__in=by.communities, pk=objection_id).first()
    if objection is None:
        raise NotFound("objection", "没有找到这条异议，或它不在您的权限范围内。")
    row = locked_attendance(by, objection.attendance_id)
    if not is_office(by, row.community_id) or row.person_id == by.person_id or objection.said_by == by.actor:
        raise NotAllowed("not_office", "异议由社区工作者或书记核实，不能核实自己的。")
    if objection.state != "open":
        raise RuleBroken("answered", "这条异议已经答复。")
    if not answer.strip():
        raise BadInput("answer", "请写明核实的情况。", field="answer")
    objection.state, objection.answer = ("upheld" if upheld else "dismissed"), answer.strip()[:300]
    objection.answered_by, objection.answered_at = by.actor, timezone.now()
    objection.save()
    if upheld and row.booked_at is None and row.approved is not None:
        take_back_approval(by=by, attendance_id=row.pk, why=objection.answer)
    audit.record("volunteers.answer_objection", by=by, community_id=row.community_id, subject="sign_up",
                 subject_id=row.sign_up_id, data={"upheld": upheld})
    return objection


@transaction.atomic
def count_hours(*, by: Viewer, shift_id: UUID) -> int:
    """Writes the hours of a shift whose notice has ended without an open objection into the book, as one service.

    Returns how many volunteers' hours; 0 where nothing is due. What is settled later becomes a service of its own.
    """
    shift = planned(by, shift_id)
    today = timezone.localdate()
    found = Attendance.objects.select_for_update(of=("self",)).filter(
        shift=shift, state="present", booked_at__isnull=True, notice_until__lt=today)
    rows = list(found.exclude(objections__state="open").order_by("pk"))
    minutes = [row for row in rows if row.approved]
    if minutes:
        earlier = Attendance.objects.filter(shift=shift, booked_at__isnull=False, approved__gt=0).exists()
        record = write_service(
            by=by, community=shift.community_id, source=SOURCE, kind=shift.call.kind, title=shift.call.title,
            key=f"{shift.pk}:{minutes[0].pk}" if earlier else str(shift.pk), occurred_at=shift.starts_at,
            place=shift.call.place, organiser=shift.call.team_id, served_by=_givers(minutes),
            minutes=max(row.approved or 0 for row in minutes),
            served=[Served(heads=shift.served)] if shift.served and not earlier else [],
        )
        publish(HoursCounted(community_id=shift.community_id, shift_id=shift.pk, record_id=record.pk))
    Attendance.objects.filter(pk__in=[row.pk for row in rows]).update(booked_at=timezone.now())
    return len(minutes)


def notice_end(community_id: UUID, day: date) -> date:
    """The last day of a notice that begins on `day`: the third working day after it, by the community's own table."""
    calendar, left = load_calendar(community_id), NOTICE_DAYS
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return day


def _approve(by: Viewer, row: Attendance, wanted: Approval, until: date) -> None:
    if by.person_id is not None and row.person_id == by.person_id:
        raise NotAllowed("own_hours", "自己的时长要由别人认定，请联系社区工作者。")
    if row.state != "present" or row.checked is None:
        raise RuleBroken("not_checked", "还有人没有签退，请先补记签退再认定。")
    if row.booked_at is not None:
        raise RuleBroken("booked", "这位的时长已经记入台账，只增不改。")
    row.approved = sound_minutes(wanted.minutes, row.checked, wanted.why)
    row.approved_why, row.approved_by = wanted.why.strip()[:200], by.actor
    row.approved_person_id, row.approved_at, row.notice_until = by.person_id, timezone.now(), until


def _givers(rows: Iterable[Attendance]) -> list[ServedBy]:
    return [ServedBy(person=row.person_id, minutes=row.approved) for row in rows]
