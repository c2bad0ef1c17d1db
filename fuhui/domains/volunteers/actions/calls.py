"""Calling for help: publish, add shifts, change the number of places, cancel, ask suitable volunteers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.informing import inform
from fuhui.domains.volunteers.models import Call, Shift, SignUp
from fuhui.domains.volunteers.permissions import may_plan
from fuhui.domains.volunteers.queries.fairness import candidates
from fuhui.domains.volunteers.queries.shifts import calls_for
from fuhui.domains.volunteers.queries.teams import team_for
from fuhui.domains.volunteers.rules.planning import MOST_PLACES, CallEntry, ShiftEntry, sound_call, sound_shift
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.rows import broken_constraint
from fuhui.shared.ui.format import when
from fuhui.shared.viewers import Viewer

ASKED_AT_ONCE = 5


@transaction.atomic
def publish_call(
    *, by: Viewer, community_id: UUID, entry: CallEntry, shifts: Sequence[ShiftEntry], team_id: UUID | None = None
) -> Call:
    """A call with at least one shift, open for sign-up. Raises BadInput naming the field, NotFound for a team."""
    may_plan(by, community_id, team_id).require()
    sound = sound_call(entry)
    kind = catalogue_for(by, community_id).kind(sound.kind)
    if kind is None or not kind.is_active:
        raise BadInput("kind", "请从列表里选择服务项目。", field="kind")
    if team_id and team_for(by, team_id).community_id != community_id:
        raise NotFound("team", "没有找到这支志愿服务队。")
    if sound.team_only and team_id is None:
        raise BadInput("team", "只招本队队员时，请选择是哪支队伍。", field="team_id")
    if not shifts:
        raise BadInput("shifts", "请至少排一个班次。", field="starts_at")
    call = Call.objects.create(community_id=community_id, team_id=team_id, published_by=by.actor, **asdict(sound))
    audit.record("volunteers.publish", by=by, community_id=community_id, subject="call", subject_id=call.id,
                 data={"title": call.title})
    for shift in shifts:
        _add(by, call, shift)
    return call


@transaction.atomic
def add_shift(*, by: Viewer, call_id: UUID, entry: ShiftEntry) -> Shift:
    """One more shift. Raises BadInput: past or inverted times, longer than 12 hours, places out of 1 to 1,000."""
    call = calls_for(by).filter(pk=call_id).first()
    if call is None:
        raise NotFound("call", "没有找到这个招募，或它不在您的权限范围内。")
    may_plan(by, call.community_id, call.team_id).require()
    return _add(by, call, entry)


def _add(by: Viewer, call: Call, entry: ShiftEntry) -> Shift:
    begin, end, opens, closes = sound_shift(entry, timezone.now())
    shift = Shift.objects.create(community_id=call.community_id, call=call, starts_at=begin, ends_at=end,
                                 opens_at=opens, closes_at=closes, capacity=entry.capacity)
    audit.record("volunteers.add_shift", by=by, community_id=call.community_id, subject="shift", subject_id=shift.id,
                 data={"capacity": shift.capacity})
    return shift


@transaction.atomic
def change_places(*, by: Viewer, shift_id: UUID, capacity: int) -> Shift:
    """Another number of places; never fewer than have signed up."""
    shift = planned(by, shift_id)
    if not 1 <= capacity <= MOST_PLACES:
        raise BadInput("capacity", f"名额填 1 到 {MOST_PLACES} 的整数。", field="capacity")
    shift.capacity = capacity
    try:
        with transaction.atomic():
            shift.save(update_fields=["capacity"])
    except IntegrityError as error:
        if broken_constraint(error) != "volunteers_shift_not_oversold":
            raise
        raise RuleBroken("taken", f"已经有 {shift.taken} 人报名，名额不能更少。") from error
    audit.record("volunteers.places", by=by, community_id=shift.community_id, subject="shift", subject_id=shift.id,
                 data={"capacity": capacity})
    return shift


@transaction.atomic
def cancel_shift(*, by: Viewer, shift_id: UUID, why: str) -> Shift:
    """The shift does not take place; everybody who signed up is told why. A second call changes nothing."""
    shift = planned(by, shift_id)
    if shift.cancelled_at:
        return shift
    if not why.strip():
        raise BadInput("why", "请写明取消的原因，报了名的人会收到。", field="why")
    if shift.starts_at <= timezone.now():
        raise RuleBroken("started", "班次已经开始，不能取消。")
    shift.cancelled_at, shift.cancelled_why = timezone.now(), why.strip()[:200]
    shift.save(update_fields=["cancelled_at", "cancelled_why"])
    live = list(SignUp.objects.filter(community_id=shift.community_id, shift=shift, is_live=True)
                .select_related("volunteer"))
    SignUp.objects.filter(pk__in=[one.pk for one in live]).update(
        is_live=False, withdrawn_at=timezone.now(), withdrawn_by=by.actor, withdrawn_why="班次取消")
    inform(shift, [one.volunteer for one in live], title="班次取消了", mark="cancel",
           body=f"{when(shift.starts_at)}的“{shift.call.title}”取消了：{shift.cancelled_why}")
    audit.record("volunteers.cancel", by=by, community_id=shift.community_id, subject="shift", subject_id=shift.id,
                 data={"why": shift.cancelled_why, "told": len(live)})
    return shift


@transaction.atomic
def ask_for_help(*, by: Viewer, shift_id: UUID, most: int = ASKED_AT_ONCE) -> int:
    """Asks suitable volunteers by message, who served least first; nobody twice for one shift. Returns how many."""
    shift = planned(by, shift_id)
    return ask_next(shift, most)


def ask_next(shift: Shift, most: int) -> int:
    """As above inside a running action."""
    free = shift.capacity - shift.taken
    if free <= 0 or shift.cancelled_at:
        return 0
    what = f"{when(shift.starts_at)}“{shift.call.title}”，{shift.call.place}，还缺 {free} 人。"
    body = f"{what}愿意就点开报名，不方便不用回复。"
    people = [one.volunteer for one in candidates(shift, timezone.now())]
    return inform(shift, people, title="有个班次想请您帮忙", body=body, mark="ask", most=most)


def planned(by: Viewer, shift_id: UUID) -> Shift:
    """One shift, locked, that `by` plans. Raises NotFound, NotAllowed."""
    found = Shift.objects.select_for_update(of=("self",)).select_related("call")
    shift = found.filter(pk=shift_id, call__in=calls_for(by).values("pk")).first()
    if shift is None:
        raise NotFound("shift", "没有找到这个班次，或它不在您的权限范围内。")
    may_plan(by, shift.community_id, shift.call.team_id).require()
    return shift
