"""Coming and going: scans counted once, refused ones kept, the leader's hand, and who was not there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.informing import inform
from fuhui.domains.volunteers.codes import secret
from fuhui.domains.volunteers.models import Attendance, Scan, Shift, SignUp
from fuhui.domains.volunteers.permissions import is_office, may_plan
from fuhui.domains.volunteers.queries.shifts import sign_ups_for
from fuhui.domains.volunteers.rules import attendance as rules
from fuhui.domains.volunteers.rules.attendance import Outcome, Way
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.ui.format import when
from fuhui.shared.viewers import Viewer

FORGOTTEN = "没有签退，按计划结束时间记"


@transaction.atomic
def scan(*, by: Viewer, code: str, client_uuid: UUID, at: datetime | None = None) -> Scan:
    """A volunteer scans the code at the place: the first time they come, the second time they go.

    `at` is the phone's clock, for scans that were kept while there was no network; the code's own minute has to agree
    with it. The same `client_uuid` again gives the first answer. A refused scan is kept with its `outcome`. Raises
    NotAllowed for an account that is not linked to a resident.
    """
    if by.person_id is None or not by.communities:
        raise NotAllowed("no_person", "这个账号还没有和居民档案关联，请联系网格员，或请负责人在名单里补记。")
    first = Scan.objects.filter(community_id__in=by.communities, client_uuid=client_uuid).first()
    if first:
        return first
    now = timezone.now()
    moment = min(at or now, now)
    shift, sign_up, refusal = _judge(by, rules.read(code), moment, now)
    outcome = refusal or _note(by, sign_up, moment, now)
    row = Scan(
        community_id=shift.community_id if shift else by.communities[0], client_uuid=client_uuid, shift=shift,
        person_id=by.person_id, outcome=outcome, actor=by.actor, at=moment, received_at=now,
    )
    Scan.objects.bulk_create([row], ignore_conflicts=True)  # the same scan may arrive twice at once
    return Scan.objects.get(community_id=row.community_id, client_uuid=client_uuid)


@transaction.atomic
def mark(*, by: Viewer, sign_up_id: UUID, way: Way, at: datetime) -> Attendance:
    """Who plans the shift writes down that somebody came or went, with the time. Never for themselves.

    Raises BadInput for a time outside the shift's hours or still to come, or a going before the coming.
    """
    sign_up = _led(by, sign_up_id)
    if at > timezone.now() or rules.window(sign_up.shift.starts_at, sign_up.shift.ends_at, at):
        raise BadInput("at", "时间要在班次前后（提前 30 分钟到结束后 2 小时）之内，不能晚于现在。", field="at")
    row = Attendance.objects.select_for_update().filter(sign_up=sign_up).first()
    if row and row.approved is not None:
        raise RuleBroken("approved", "时长已经认定。要改请先撤回认定。")
    if way is Way.OUT:
        if row is None or row.came_at is None or at < row.came_at:
            raise BadInput("at", "请先记下签到，签退要晚于签到。", field="at")
        _leave(row, at, timezone.now(), review="负责人补记签退")
    else:
        row = row or _fresh(sign_up)
        row.state, row.absent_why, row.came_at, row.came_heard_at = "present", "", at, timezone.now()
        row.needs_review = "负责人补记签到"
        if row.left_at and row.left_at < at:
            raise BadInput("at", "签到要早于签退。", field="at")
        _reckon(row)
    row.save()
    audit.record("volunteers.mark", by=by, community_id=row.community_id, subject="sign_up", subject_id=sign_up.pk,
                 data={"way": way.value, "at": at.isoformat()})
    return row


@transaction.atomic
def mark_absent(*, by: Viewer, sign_up_id: UUID, why: str) -> Attendance:
    """Somebody who signed up was not there; they are told and may answer. Raises BadInput without a word on it,
    RuleBroken before the shift has begun or where they were there."""
    sign_up = _led(by, sign_up_id)
    if timezone.now() < sign_up.shift.starts_at:
        raise RuleBroken("not_begun", "班次还没有开始。")
    if not why.strip():
        raise BadInput("why", "请写明情况（例如联系过没有接电话），本人看得到，也可以说明。", field="why")
    row = Attendance.objects.select_for_update().filter(sign_up=sign_up).first() or _fresh(sign_up)
    if row.came_at is not None:
        raise RuleBroken("present", "已经签到，不能记为未到。")
    row.state, row.absent_why = "no_show", why.strip()[:200]
    row.save()
    inform(sign_up.shift, [sign_up.volunteer], title="这个班次记为未到", mark="absent",
           body=f"{when(sign_up.shift.starts_at)}“{sign_up.shift.call.title}”：{row.absent_why}。有出入请点开说明。")
    audit.record("volunteers.absent", by=by, community_id=row.community_id, subject="sign_up", subject_id=sign_up.pk,
                 data={"why": row.absent_why})
    return row


@transaction.atomic
def appeal(*, by: Viewer, attendance_id: UUID, words: str) -> Attendance:
    """A volunteer answers to being noted as absent, once. Raises BadInput without words."""
    row = locked_attendance(by, attendance_id)
    if row.person_id != by.person_id:
        raise NotAllowed("not_own", "未到的说明由本人来写。")
    if row.state != "no_show" or row.appeal:
        raise RuleBroken("no_appeal", "没有等您说明的未到记录，或已经说明过了。")
    if not words.strip():
        raise BadInput("words", "请写明情况，例如临时生病、到了但没有扫上码。", field="words")
    row.appeal, row.appealed_at = words.strip()[:300], timezone.now()
    row.save()
    audit.record("volunteers.appeal", by=by, community_id=row.community_id, subject="sign_up",
                 subject_id=row.sign_up_id)
    return row


@transaction.atomic
def answer_appeal(*, by: Viewer, attendance_id: UUID, accept: bool, answer: str) -> Attendance:
    """The office accepts (the note is taken back, the row removed from the absent) or keeps it, with a word on it."""
    row = locked_attendance(by, attendance_id)
    if not is_office(by, row.community_id) or row.person_id == by.person_id:
        raise NotAllowed("not_office", "未到的说明由社区工作者或书记答复，不能答复自己的。")
    if not row.appeal or row.appeal_answer:
        raise RuleBroken("no_appeal", "没有等答复的说明，可能刚刚已经答复。")
    if not answer.strip():
        raise BadInput("answer", "请写一句答复，本人看得到。", field="answer")
    row.appeal_answer = answer.strip()[:300]
    if accept:
        row.absent_why = f"说明成立，不算未到。{row.absent_why}"[:200]
    row.save()
    shift = row.shift
    inform(shift, [row.sign_up.volunteer], title="对您说明的答复", mark="appeal", body=row.appeal_answer)
    audit.record("volunteers.answer_appeal", by=by, community_id=row.community_id, subject="sign_up",
                 subject_id=row.sign_up_id, data={"accept": accept})
    return row


@transaction.atomic
def close_forgotten(*, by: Viewer, attendance_id: UUID) -> bool:
    """Ends an attendance that nobody ended, at the shift's end, and marks it for review. False where it has ended."""
    row = locked_attendance(by, attendance_id)
    over = row.shift.ends_at + rules.LATE < timezone.now()
    if row.left_at is not None or row.came_at is None or not over:
        return False
    _leave(row, max(row.shift.ends_at, row.came_at), timezone.now(), review=FORGOTTEN)
    row.save()
    audit.record("volunteers.forgotten", by=by, community_id=row.community_id, subject="sign_up",
                 subject_id=row.sign_up_id)
    return True


def _judge(
    by: Viewer, code: rules.Code | None, at: datetime, received: datetime
) -> tuple[Shift | None, SignUp | None, Outcome | None]:
    if code is None or not rules.is_genuine(secret(), code):
        return None, None, Outcome.FORGED
    known = Shift.objects.filter(community_id__in=by.communities, pk=code.shift).first()
    if known is None:
        return None, None, Outcome.FORGED
    if not rules.is_timely(code, at, received):
        return known, None, Outcome.STALE
    if known.cancelled_at:
        return known, None, Outcome.CANCELLED
    if refusal := rules.window(known.starts_at, known.ends_at, at):
        return known, None, refusal
    # Locked, so that the scans of one volunteer wait for each other.
    sign_up = SignUp.objects.select_for_update(of=("self",)).select_related("shift", "volunteer").filter(
        community_id=known.community_id, shift=known, volunteer__person=by.person_id, is_live=True).first()
    return known, sign_up, None if sign_up else Outcome.NOT_SIGNED


def _note(by: Viewer, sign_up: SignUp | None, at: datetime, received: datetime) -> Outcome:
    if sign_up is None:
        return Outcome.NOT_SIGNED
    row = Attendance.objects.filter(sign_up=sign_up).first()
    if row is None or row.came_at is None:
        row = row or _fresh(sign_up)
        row.state, row.absent_why, row.came_at, row.came_heard_at = "present", "", at, received
        outcome = Outcome.IN
    elif row.left_at is not None or at - row.came_at < rules.SHORTEST:
        return Outcome.AGAIN
    else:
        _leave(row, at, received)
        outcome = Outcome.OUT
    row.save()
    audit.record(f"volunteers.scan_{outcome.value}", by=by, community_id=row.community_id, subject="sign_up",
                 subject_id=sign_up.pk, data={"at": at.isoformat()})
    return outcome


def _fresh(sign_up: SignUp) -> Attendance:
    length = sign_up.shift.ends_at - sign_up.shift.starts_at
    return Attendance(community_id=sign_up.community_id, sign_up=sign_up, shift=sign_up.shift,
                      person_id=sign_up.volunteer.person_id, planned=int(length.total_seconds() // 60))


def _leave(row: Attendance, at: datetime, received: datetime, *, review: str = "") -> None:
    row.left_at, row.left_heard_at = at, received
    row.needs_review = review or row.needs_review
    _reckon(row)


def _reckon(row: Attendance) -> None:
    if row.came_at and row.left_at:
        row.checked = rules.served_minutes(row.came_at, row.left_at, row.shift.starts_at, row.shift.ends_at)


def _led(by: Viewer, sign_up_id: UUID) -> SignUp:
    """A live sign-up, locked, of a shift that `by` plans, and not their own."""
    known = sign_ups_for(by).filter(pk=sign_up_id).first()
    if known is None:
        raise NotFound("sign_up", "没有找到这次报名，或它不在您的权限范围内。")
    may_plan(by, known.community_id, known.shift.call.team_id).require()
    if known.volunteer.person_id == by.person_id:
        raise NotAllowed("own_hours", "自己的签到和时长要由别人记，请扫现场的码，或联系社区工作者。")
    row = SignUp.objects.select_for_update(of=("self",)).select_related("shift__call", "volunteer").get(pk=sign_up_id)
    if not row.is_live:
        raise RuleBroken("withdrawn", "这次报名已经退出。")
    return row


def locked_attendance(by: Viewer, attendance_id: UUID) -> Attendance:
    """One attendance of the viewer's communities, locked. Raises NotFound."""
    found = Attendance.objects.select_for_update(of=("self",)).select_related(
        "shift__call", "sign_up__volunteer").filter(community_id__in=by.communities, pk=attendance_id).first()
    if found is None:
        raise NotFound("attendance", "没有找到这条签到记录，或它不在您的权限范围内。")
    return found
