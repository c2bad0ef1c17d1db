"""Those served say how it was; few stars reach the leader, who answers."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.timebank import may_spend
from fuhui.domains.volunteers.models import Feedback
from fuhui.domains.volunteers.permissions import is_office, may_plan
from fuhui.domains.volunteers.queries import feedback as reads
from fuhui.domains.volunteers.queries.shifts import shift_for
from fuhui.domains.volunteers.rules.feedback import BAD, Said, Way, require_timely, sound_feedback
from fuhui.domains.volunteers.rules.timebank import Asked
from fuhui.registry.accounts.queries.staff import accounts_in_role, leaders_of
from fuhui.registry.people.queries import person_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.messages import send
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Role, Viewer

_BROKEN = {
    "volunteers_feedback_shift_once": "这位居民已经评价过这次服务，一次服务只评价一次。",
    "volunteers_feedback_request_once": "这次服务已经评价过，一次服务只评价一次。",
    "volunteers_feedback_of_others": "参加这次服务的志愿者不能评价自己，请由得到服务的人来说。",
}


@transaction.atomic
def rate_shift(*, by: Viewer, shift_id: UUID, person_id: UUID, said: Said) -> Feedback:
    """What a resident who was served by a shift says, themselves or through staff; once, within 90 days, when hours
    were approved. At two stars and fewer the team's leader gets a note.

    Raises BadInput naming the field, NotAllowed, NotFound, RuleBroken.
    """
    shift = shift_for(by, shift_id)
    sound = sound_feedback(said)
    if by.person_id != person_id:
        _require_staff(by, shift.community_id, sound)
    if by.person_id and reads.was_there(shift, by.person_id):
        raise NotAllowed("feedback_own", "您参加了这次服务，请由得到服务的人评价，或请另一位同事代记。")
    person = person_for(by, person_id)
    if person.community_id != shift.community_id:
        raise NotFound("person", "没有找到这位居民。")
    require_timely(timezone.localdate(shift.starts_at), timezone.localdate())
    if shift.cancelled_at or not reads.has_approved(shift):
        raise RuleBroken("feedback_early", "这个班次还没有认定时长，认定以后再评价。")
    row = _write(by, Feedback(community_id=shift.community_id, shift=shift, person_id=person.pk), sound)
    team = shift.call.team_id
    _note(row, shift.call.title, leaders_of(row.community_id, team) if team else [])
    return row


@transaction.atomic
def rate_request(*, by: Viewer, request_id: UUID, said: Said) -> Feedback:
    """What the holder of a time account, who acts for them, or staff on the telephone says of a request that was
    done; once, within 90 days. Raises as above."""
    asked = reads.request_for(by, request_id)
    sound = sound_feedback(said)
    own = may_spend(by, asked.account)
    if not own:
        _require_staff(by, asked.community_id, sound)
    if asked.volunteer and by.person_id == asked.volunteer.person_id:
        raise NotAllowed("feedback_own", "自己帮的忙，请由得到服务的人评价，或请另一位同事代记。")
    if asked.state != Asked.DONE:
        raise RuleBroken("feedback_early", "求助完成以后再评价。")
    require_timely(asked.wanted_on, timezone.localdate())
    person = asked.account.person_id or (by.person_id if own else None)
    row = _write(by, Feedback(community_id=asked.community_id, request=asked, person_id=person), sound)
    _note(row, asked.words, [])
    return row


@transaction.atomic
def answer_feedback(*, by: Viewer, feedback_id: UUID, words: str) -> Feedback:
    """The leader or the office writes what was done about it; a later answer replaces the earlier one, which stays in
    the audit trail. Raises BadInput without words, NotAllowed."""
    row = _locked(by, feedback_id)
    if row.shift is not None:
        may_plan(by, row.community_id, row.shift.call.team_id).require()
    elif not is_office(by, row.community_id):
        raise NotAllowed("feedback_answer", "对求助的评价由社区工作者处理。")
    tidy = words.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= 200:
        raise BadInput("answer", "请写一句怎么处理的，最多 200 个字。", field="answer")
    row.answer, row.answered_by_name, row.answered_at = tidy, by.name[:60], timezone.now()
    row.save(update_fields=["answer", "answered_by_name", "answered_at"])
    audit.record("volunteers.feedback_answer", by=by, community_id=row.community_id, subject="feedback",
                 subject_id=row.pk, data={"answer": tidy})
    return row


@transaction.atomic
def stop_showing(*, by: Viewer, feedback_id: UUID) -> Feedback:
    """The consent to show the sentence is taken back, by who said it or the office for them. A second call changes
    nothing."""
    row = _locked(by, feedback_id)
    if row.person_id != by.person_id and not is_office(by, row.community_id):
        raise NotAllowed("feedback_show", "撤回公开由本人或社区工作者办理。")
    if row.may_show:
        row.may_show = False
        row.save(update_fields=["may_show"])
        audit.record("volunteers.feedback_hide", by=by, community_id=row.community_id, subject="feedback",
                     subject_id=row.pk)
    return row


def _require_staff(by: Viewer, community_id: UUID, said: Said) -> None:
    if not reads.may_enter(by, community_id):
        raise NotAllowed("feedback_enter", "评价由得到服务的人自己写，或告诉社区工作者、网格员代记。")
    if said.way == Way.SELF:
        raise BadInput("way", "替居民记录时，请选择是电话里还是当面说的。", field="way")


def _write(by: Viewer, row: Feedback, said: Said) -> Feedback:
    row.stars, row.words, row.may_show, row.way = said.stars, said.words, said.may_show, said.way
    row.entered_by, row.entered_by_name = by.actor, by.name[:60]
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in _BROKEN:
            raise
        raise RuleBroken(name, _BROKEN[name]) from error
    audit.record("volunteers.feedback", by=by, community_id=row.community_id, subject="feedback", subject_id=row.pk,
                 data={"stars": row.stars, "way": row.way})
    return row


def _note(row: Feedback, what: str, leaders: Iterable[UUID]) -> None:
    """To the team's leaders; to the secretary where there are none."""
    if row.stars > BAD:
        return
    for account in list(leaders) or accounts_in_role(row.community_id, Role.SECRETARY):
        send(community_id=row.community_id, to_account=account, kind="volunteers",
             title=f"“{what}”收到 {row.stars} 星评价", body=f"居民说：{row.words} 请了解情况，写下怎么处理。",
             link="/volunteers/feedback/", dedupe_key=f"feedback:{row.pk}:{account}")


def _locked(by: Viewer, feedback_id: UUID) -> Feedback:
    reads.one_feedback(by, feedback_id)
    return Feedback.objects.select_for_update(of=("self",)).select_related("shift__call").get(pk=feedback_id)
