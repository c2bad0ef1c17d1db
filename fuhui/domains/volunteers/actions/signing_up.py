"""Taking a place of a shift and giving it back."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.calls import ASKED_AT_ONCE, ask_next
from fuhui.domains.volunteers.actions.registering import locked
from fuhui.domains.volunteers.models import Shift, SignUp
from fuhui.domains.volunteers.permissions import may_plan, may_register
from fuhui.domains.volunteers.queries.fairness import answer_for
from fuhui.domains.volunteers.queries.shifts import calls_for, sign_ups_for
from fuhui.domains.volunteers.rules.signing_up import LATE_WITHDRAWAL, WORDS, Answer
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer

_REASONS = {
    "volunteers_sign_up_one_place": Answer.COLLIDES, "volunteers_sign_up_once": Answer.SIGNED_UP,
    "volunteers_shift_not_oversold": Answer.FULL,
}


@transaction.atomic
def sign_up(*, by: Viewer, shift_id: UUID, volunteer_id: UUID, close_is_fine: bool = False) -> SignUp:
    """A volunteer takes a place. Raises RuleBroken whose code is the one reason (`rules.signing_up.Answer`).

    `close_is_fine`: they say they will make it in time from a shift less than an hour away.
    """
    # The volunteer's row first: two sign-ups of one volunteer would else wait for each other in a circle.
    volunteer = locked(by, volunteer_id)
    found = Shift.objects.select_for_update(of=("self",)).select_related("call")
    shift = found.filter(pk=shift_id, call__in=calls_for(by).values("pk")).first()
    if shift is None or shift.community_id != volunteer.community_id:
        raise NotFound("shift", "没有找到这个班次，或它不在您的权限范围内。")
    said = answer_for(shift, volunteer, timezone.now(), close_is_fine=close_is_fine)
    if said is not Answer.FREE:
        raise RuleBroken(said.value, WORDS[said])
    row = SignUp(community_id=shift.community_id, shift=shift, volunteer=volunteer, signed_by=by.actor,
                 during=(shift.starts_at, shift.ends_at))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        reason = _REASONS.get(broken_constraint(error))
        if reason is None:
            raise
        raise RuleBroken(reason.value, WORDS[reason]) from error
    audit.record("volunteers.sign_up", by=by, community_id=row.community_id, subject="sign_up", subject_id=row.id,
                 data={"shift": shift.id, "volunteer": volunteer.number})
    return row


@transaction.atomic
def withdraw(*, by: Viewer, sign_up_id: UUID, why: str = "") -> SignUp:
    """Gives the place back, by the volunteer or who plans (with a reason). A second call changes nothing.

    Less than a day before the beginning a reason is needed, and suitable volunteers are asked to replace at once.
    """
    known = sign_ups_for(by).filter(pk=sign_up_id).first()
    if known is None:
        raise NotFound("sign_up", "没有找到这次报名，或它不在您的权限范围内。")
    shift = Shift.objects.select_for_update(of=("self",)).select_related("call").get(pk=known.shift_id)
    row = SignUp.objects.select_for_update(of=("self",)).select_related("volunteer").get(pk=sign_up_id)
    _may_withdraw(by, shift, row)
    if not row.is_live:
        return row
    now = timezone.now()
    if now >= shift.starts_at:
        raise RuleBroken("started", "班次已经开始，不能再退。来不了请直接联系负责人。")
    row.is_late = now > shift.starts_at - LATE_WITHDRAWAL
    own = by.person_id == row.volunteer.person_id
    if not why.strip() and (row.is_late or not own):
        raise BadInput("why", "请写明退出的原因，方便马上找人顶替。", field="why")
    row.is_live, row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = False, now, by.actor, why.strip()[:200]
    row.save()
    audit.record("volunteers.withdraw", by=by, community_id=row.community_id, subject="sign_up", subject_id=row.id,
                 data={"late": row.is_late, "why": row.withdrawn_why})
    if row.is_late:
        shift.refresh_from_db(fields=["taken"])
        ask_next(shift, ASKED_AT_ONCE)
    return row


def _may_withdraw(by: Viewer, shift: Shift, row: SignUp) -> None:
    volunteer = row.volunteer
    if not may_register(by, row.community_id, volunteer.person_id, volunteer.grid_id).allowed:
        may_plan(by, row.community_id, shift.call.team_id).require()
