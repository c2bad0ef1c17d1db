"""Shifts of volunteers: one that is in the book with a certificate, one under notice, some that still need people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from fuhui.config.demo.clock import Clock
from fuhui.config.demo.services.teams import VOLUNTEER
from fuhui.config.demo.world import Span, Town, act
from fuhui.domains.volunteers.actions.attendance import mark
from fuhui.domains.volunteers.actions.calls import publish_call
from fuhui.domains.volunteers.actions.certificates import add_merit, issue_certificate
from fuhui.domains.volunteers.actions.hours import Approval, approve_hours, count_hours
from fuhui.domains.volunteers.actions.signing_up import sign_up
from fuhui.domains.volunteers.models import Attendance, Call, Shift, Volunteer
from fuhui.domains.volunteers.rules.attendance import Way
from fuhui.domains.volunteers.rules.planning import CallEntry, ShiftEntry

_ESCORT = CallEntry(
    title="陪独居老人看病", about="陪老人从家到卫生院，挂号、候诊、取药，再送回家。", place="健康驿站门口集合",
    risks="路上注意老人走慢、过马路。", kind="skill.empty_nest", contact="社区 0535-0001001",
)
_PHONES = CallEntry(
    title="教老人用手机", about="一对一教老人视频通话、挂号、看健康码。", place="四点半课堂", risks="无",
    kind="skill.empty_nest", contact="社区 0535-0001001",
)
_PATROL = CallEntry(
    title="冬季消防巡楼", about="两人一组看楼道堆物和飞线充电，拍照记下，不动手搬。", place="党群服务中心门口",
    risks="楼梯湿滑，穿防滑鞋。", kind="other", contact="社区 0535-0001001", min_age=18,
)


def serve_lately(town: Town, clock: Clock, span: Span) -> None:
    """A shift of eleven weeks ago whose hours count, with 林晓峰's certificate of it. Told first of what was lately."""
    begin = span.at(span.last - timedelta(days=75), 9)
    shift = _served(town, clock, _ESCORT, begin, served=6)
    clock.set(begin + timedelta(days=14))
    act(town.system(), count_hours, shift_id=shift)
    lin = Volunteer.objects.get(community_id=town.id, person__name=VOLUNTEER)
    act(town.secretary, add_merit, volunteer_id=lin.pk, kind="training", title="急救基础培训",
        on=begin.date(), by_whom="清洋卫生院", hours=4)
    act(town.secretary, issue_certificate, volunteer_id=lin.pk, since=begin.date() - timedelta(days=365),
        until=begin.date(), head=town.secretary.name, handler=town.staff[0].name, contact="0535-0001001",
        use="单位评优")


def call_for_help(town: Town, clock: Clock, span: Span) -> None:
    """Hours of a shift of two days ago under notice, and two calls that are open."""
    begin = span.at(span.last - timedelta(days=2), 16)
    _served(town, clock, _PHONES, begin, served=8)
    clock.set(span.at(span.last - timedelta(days=1), 10))
    for entry, days in ((_ESCORT, (2, 5)), (_PATROL, (3,))):
        starts = [span.at(span.last + timedelta(days=day), 9) for day in days]
        call = _published(town, entry, starts, capacity=4)
        first = Shift.objects.filter(call=call).order_by("starts_at")[0]
        for volunteer in _volunteers(town, 2):
            act(town.staff[0], sign_up, shift_id=first.pk, volunteer_id=volunteer)


def _served(town: Town, clock: Clock, entry: CallEntry, begin: datetime, *, served: int) -> UUID:
    """Called, taken by three, done, and approved the next morning by the secretary."""
    clock.set(begin - timedelta(days=4))
    call = _published(town, entry, [begin], capacity=5)
    shift = Shift.objects.get(call=call)
    places = [act(town.staff[0], sign_up, shift_id=shift.pk, volunteer_id=one).pk for one in _volunteers(town, 3)]
    clock.set(shift.ends_at + timedelta(minutes=10))
    for place in places:
        for way, at in ((Way.IN, shift.starts_at), (Way.OUT, shift.ends_at)):
            act(town.staff[0], mark, sign_up_id=place, way=way, at=at)
    clock.set(shift.ends_at + timedelta(hours=4))
    rows = Attendance.objects.filter(shift=shift)
    act(town.secretary, approve_hours, shift_id=shift.pk, served=served,
        approvals={row.pk: Approval(row.checked or 0) for row in rows})
    return shift.pk


def _published(town: Town, entry: CallEntry, starts: list[datetime], capacity: int) -> Call:
    shifts = [ShiftEntry(starts_at=one, ends_at=one + timedelta(hours=2), capacity=capacity) for one in starts]
    return act(town.staff[0], publish_call, community_id=town.id, entry=entry, shifts=shifts)


def _volunteers(town: Town, count: int) -> list[UUID]:
    """林晓峰 and the first of the register with him."""
    found = Volunteer.objects.filter(community_id=town.id, state="active")
    lin = found.get(person__name=VOLUNTEER)
    return [lin.pk, *found.exclude(pk=lin.pk).order_by("order").values_list("pk", flat=True)[: count - 1]]
