"""林晓 comes, scans, goes; 吴队 sees to the rest; hours count when three working days have passed without objection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from fuhui.domains.volunteers.actions.attendance import FORGOTTEN, answer_appeal, appeal, mark, mark_absent, scan
from fuhui.domains.volunteers.actions.hours import (
    Approval,
    answer_objection,
    approve_hours,
    notice_end,
    object_to_hours,
    take_back_approval,
)
from fuhui.domains.volunteers.actions.signing_up import sign_up
from fuhui.domains.volunteers.checks import IN_BOOK
from fuhui.domains.volunteers.codes import code_at
from fuhui.domains.volunteers.figures import SERVED
from fuhui.domains.volunteers.jobs import close_due, count_due
from fuhui.domains.volunteers.models import Attendance, Scan, Shift, SignUp
from fuhui.domains.volunteers.rules import attendance as rules
from fuhui.domains.volunteers.rules.attendance import Outcome, Way
from fuhui.domains.volunteers.tests.conftest import People, called, registered
from fuhui.registry.ledger.checks import look
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
_LONG_AGO = timezone.now() - timedelta(days=60)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock stands at a moment."""
    with time_machine.travel(moment, tick=True):
        yield


@pytest.fixture
def shift(people: People) -> Shift:
    """A call of 彩虹志愿服务队, nine to eleven, two months ago: the book takes nothing that is still to come."""
    with at(_LONG_AGO):
        return called(people, (9, 11), team=people.rainbow)[0]


@pytest.fixture
def place(people: People, shift: Shift) -> SignUp:
    """林晓 signed up."""
    row = registered(people, people.lin)
    with at(_LONG_AGO + HOUR), acting(system("tests", people.community.id)) as by:
        return sign_up(by=by, shift_id=shift.pk, volunteer_id=row.pk)


def shown(shift: Shift, moment: datetime) -> str:
    """What the screen shows at a moment."""
    return rules.written(code_at(shift.pk, moment))


def scanned(lin: Viewer, shift: Shift, moment: datetime, **more: Any) -> str:
    """林晓 scans what is on the screen then."""
    with at(moment), acting(lin):
        facts: dict[str, Any] = {"code": shown(shift, moment), "client_uuid": new_id()}
        return scan(by=lin, **(facts | more)).outcome


def served(lin: Viewer, shift: Shift, minutes: int = 120) -> Attendance:
    """She was there for so long, from the beginning."""
    assert scanned(lin, shift, shift.starts_at) == Outcome.IN
    assert scanned(lin, shift, shift.starts_at + timedelta(minutes=minutes)) == Outcome.OUT
    with acting(lin):
        return Attendance.objects.get(shift=shift)


def approved(by: Viewer, shift: Shift, row: Attendance, minutes: int, why: str = "", served: int = 4) -> Any:
    """The hours are recognised after the end."""
    with at(shift.ends_at + HOUR), acting(by):
        return approve_hours(by=by, shift_id=shift.pk, approvals={row.pk: Approval(minutes, why)}, served=served)


def count(people: People, moment: datetime) -> int:
    """The nightly job."""
    with at(moment), acting(system("volunteers.count_hours", people.community.id)):
        return count_due(people.community.id, now=moment)


def test_lin_scans_twice_and_wu_approves_and_it_counts_after_the_notice(
    people: People, lin: Viewer, leader: Viewer, chen: Viewer, shift: Shift, place: SignUp
) -> None:
    row = served(lin, shift)
    assert (row.planned, row.checked, row.approved) == (120, 120, None)
    until = approved(leader, shift, row, 120)
    assert until == notice_end(people.community.id, shift.ends_at.date())
    last = datetime.combine(until, shift.ends_at.timetz())
    assert count(people, last) == 0
    assert count(people, last + timedelta(days=1)) == 1
    assert count(people, last + timedelta(days=2)) == 0
    with acting(chen):
        record = ServiceRecord.objects.get()
        assert (record.source, record.key, record.got_heads, record.gave_minutes) == (
            "volunteers.shift", str(shift.pk), 4, 120)
        assert ServicePart.objects.get(side="gave").person_id == people.lin
        assert look(IN_BOOK, people.community.id).found == 0
        ask = Ask(community=people.community.id, since=shift.starts_at.date(), until=until)
        assert [one.value for one in SERVED.measure(chen, ask)] == [1, 1, 1, 120]
        with pytest.raises(RuleBroken, match="已经记入台账"):
            approve_hours(by=chen, shift_id=shift.pk, approvals={row.pk: Approval(60)})


def test_what_the_screen_showed_earlier_or_elsewhere_is_refused_and_kept(
    people: People, lin: Viewer, shift: Shift, place: SignUp
) -> None:
    begin = shift.starts_at
    with at(_LONG_AGO):
        other = called(people, (14, 15))[0]
    yesterday = begin - timedelta(days=1)
    assert scanned(lin, shift, begin, code=shown(shift, yesterday)) == Outcome.STALE
    assert scanned(lin, shift, begin, code=shown(shift, yesterday), at=yesterday) == Outcome.STALE
    assert scanned(lin, shift, begin, code=shown(shift, begin + timedelta(minutes=10))) == Outcome.STALE
    forged = rules.written(rules.Code(shift.pk, rules.step_of(begin), "00000000"))
    for code in (forged, "", "x" * 300, f"{shift.pk.hex}.1", "https://example.com/1.2.3"):
        assert scanned(lin, shift, begin, code=code) == Outcome.FORGED
    assert scanned(lin, other, other.starts_at) == Outcome.NOT_SIGNED
    assert scanned(lin, shift, begin - HOUR) == Outcome.EARLY
    assert scanned(lin, shift, shift.ends_at + 3 * HOUR) == Outcome.OVER
    with acting(lin):
        assert Attendance.objects.count() == 0
        assert Scan.objects.count() == 11


def test_a_scan_from_a_phone_without_network_arrives_late_and_keeps_both_times(
    people: People, lin: Viewer, shift: Shift, place: SignUp
) -> None:
    begin = shift.starts_at
    code, key = shown(shift, begin), new_id()
    for _ in range(3):
        assert scanned(lin, shift, begin + HOUR, code=code, at=begin, client_uuid=key) == Outcome.IN
    with acting(lin):
        row, kept = Attendance.objects.get(), Scan.objects.get()
        assert row.came_at == kept.at == begin
        assert row.came_heard_at
        assert row.came_heard_at - begin >= HOUR
    # The minute of the code is the proof: a phone whose clock is set back gains nothing.
    assert scanned(lin, shift, begin + HOUR, code=shown(shift, begin + HOUR), at=begin - HOUR) == Outcome.STALE
    assert scanned(lin, shift, begin + 14 * HOUR, code=shown(shift, begin + HOUR), at=begin + HOUR) == Outcome.STALE


def test_a_forgotten_check_out_ends_at_the_plan_and_is_looked_at(
    people: People, lin: Viewer, shift: Shift, place: SignUp
) -> None:
    scanned(lin, shift, shift.starts_at + timedelta(minutes=30))
    with acting(system("volunteers.close_forgotten", people.community.id)):
        for after, ended in ((HOUR, 0), (3 * HOUR, 1), (4 * HOUR, 0)):
            with at(shift.ends_at + after):
                assert close_due(people.community.id, now=timezone.now()) == ended
        row = Attendance.objects.get()
    assert (row.left_at, row.checked, row.needs_review) == (shift.ends_at, 90, FORGOTTEN)


def test_wu_writes_down_who_could_not_scan_but_never_himself(
    people: People, lin: Viewer, leader: Viewer, shift: Shift, place: SignUp
) -> None:
    with at(shift.ends_at + HOUR), acting(leader):
        with pytest.raises(BadInput, match="先记下签到"):
            mark(by=leader, sign_up_id=place.pk, way=Way.OUT, at=shift.ends_at)
        with pytest.raises(BadInput, match="之内"):
            mark(by=leader, sign_up_id=place.pk, way=Way.IN, at=shift.starts_at - 2 * HOUR)
        mark(by=leader, sign_up_id=place.pk, way=Way.IN, at=shift.starts_at - timedelta(minutes=10))
        row = mark(by=leader, sign_up_id=place.pk, way=Way.OUT, at=shift.ends_at)
        assert (row.checked, row.needs_review) == (120, "负责人补记签退")
    with at(shift.ends_at + HOUR), acting(lin), pytest.raises((NotAllowed, NotFound)):
        mark(by=lin, sign_up_id=place.pk, way=Way.IN, at=shift.starts_at)


def test_who_was_not_there_is_told_and_may_answer(
    people: People, lin: Viewer, leader: Viewer, chen: Viewer, shift: Shift, place: SignUp
) -> None:
    with at(_LONG_AGO), acting(leader), pytest.raises(RuleBroken, match="还没有开始"):
        mark_absent(by=leader, sign_up_id=place.pk, why="没有来")
    with at(shift.ends_at), acting(leader):
        with pytest.raises(BadInput, match="写明情况"):
            mark_absent(by=leader, sign_up_id=place.pk, why=" ")
        row = mark_absent(by=leader, sign_up_id=place.pk, why="电话没人接")
        with pytest.raises(NotAllowed):
            appeal(by=leader, attendance_id=row.pk, words="代她说")
    with at(shift.ends_at + HOUR), acting(lin):
        assert Message.objects.filter(to_account=lin.account_id, title="这个班次记为未到").count() == 1
        appeal(by=lin, attendance_id=row.pk, words="发烧去了医院")
        with pytest.raises(RuleBroken, match="已经说明过"):
            appeal(by=lin, attendance_id=row.pk, words="再说一次")
    with at(shift.ends_at + 2 * HOUR), acting(chen):
        answer_appeal(by=chen, attendance_id=row.pk, accept=True, answer="有病历，不算未到")
        assert Attendance.objects.get().absent_why.startswith("说明成立")


def test_hours_are_approved_by_another_within_a_day_and_with_a_reason_for_more(
    people: People, lin: Viewer, leader: Viewer, chen: Viewer, shift: Shift, place: SignUp
) -> None:
    row = served(lin, shift, 100)
    for minutes, words in ((1800, "一天只有 24 小时"), (-5, "0 到 24 小时"), (150, "请写明原因")):
        with pytest.raises(BadInput, match=words):
            approved(leader, shift, row, minutes)
    with pytest.raises(BadInput, match="服务对象人数"):
        approved(leader, shift, row, 100, served=-1)
    assert approved(leader, shift, row, 150, "提前半小时布置")
    with at(shift.ends_at + HOUR), acting(chen):
        take_back_approval(by=chen, attendance_id=row.pk, why="再核对一下")
        assert Attendance.objects.get().approved is None
    own = Viewer(account_id=chen.account_id, person_id=people.lin, name=chen.name, grants=chen.grants,
                 communities=chen.communities, roles=chen.roles)
    with at(shift.ends_at + HOUR), acting(own), pytest.raises(NotAllowed, match="自己的时长"):
        approve_hours(by=own, shift_id=shift.pk, approvals={row.pk: Approval(100)})
    with at(shift.ends_at), acting(lin), pytest.raises(NotAllowed):
        approve_hours(by=lin, shift_id=shift.pk, approvals={row.pk: Approval(100)})


def test_an_objection_stops_the_count_until_the_office_has_answered(
    people: People, lin: Viewer, leader: Viewer, chen: Viewer, wang: Viewer, shift: Shift, place: SignUp
) -> None:
    row = served(lin, shift)
    until = approved(leader, shift, row, 120)
    after = datetime.combine(until, shift.ends_at.timetz()) + timedelta(days=1)
    with at(shift.ends_at + 2 * HOUR), acting(wang):
        with pytest.raises(BadInput, match="哪里不对"):
            object_to_hours(by=wang, attendance_id=row.pk, words=" ")
        said = object_to_hours(by=wang, attendance_id=row.pk, words="那天十点就走了")
        with pytest.raises(NotAllowed):
            answer_objection(by=wang, objection_id=said.pk, upheld=False, answer="没事")
    assert count(people, after) == 0
    with at(after), acting(wang), pytest.raises(RuleBroken, match="不在公示期"):
        object_to_hours(by=wang, attendance_id=row.pk, words="晚了")
    with at(after), acting(chen):
        answer_objection(by=chen, objection_id=said.pk, upheld=True, answer="监控看到十点走")
    assert count(people, after) == 0
    with at(after), acting(leader):
        approve_hours(by=leader, shift_id=shift.pk, approvals={row.pk: Approval(60)}, served=4)
    assert count(people, after + timedelta(days=15)) == 1
    with acting(chen):
        assert ServiceRecord.objects.get().gave_minutes == 60


def test_what_is_settled_later_is_a_service_of_its_own(
    people: People, lin: Viewer, leader: Viewer, chen: Viewer, shift: Shift, place: SignUp
) -> None:
    zhou = registered(people, people.zhou)
    with at(_LONG_AGO + HOUR), acting(system("tests", people.community.id)) as by:
        late = sign_up(by=by, shift_id=shift.pk, volunteer_id=zhou.pk)
    first = served(lin, shift)
    with at(shift.ends_at + HOUR), acting(leader):
        mark(by=leader, sign_up_id=late.pk, way=Way.IN, at=shift.starts_at)
        second = mark(by=leader, sign_up_id=late.pk, way=Way.OUT, at=shift.ends_at)
    approved(leader, shift, first, 120)
    after = shift.ends_at + timedelta(days=20)
    assert count(people, after) == 1
    with at(after), acting(leader):
        approve_hours(by=leader, shift_id=shift.pk, approvals={second.pk: Approval(110)}, served=4)
    assert count(people, after + timedelta(days=20)) == 1
    with acting(chen):
        assert sorted(ServiceRecord.objects.values_list("gave_minutes", "got_heads")) == [(110, 0), (120, 4)]
        assert look(IN_BOOK, people.community.id).found == 0


def test_what_another_community_does_is_not_found(
    people: People, lin: Viewer, outsider: Viewer, shift: Shift, place: SignUp
) -> None:
    row = served(lin, shift)
    with acting(outsider):
        for call in (
            lambda: approve_hours(by=outsider, shift_id=shift.pk, approvals={row.pk: Approval(1)}),
            lambda: object_to_hours(by=outsider, attendance_id=row.pk, words="不对"),
            lambda: mark(by=outsider, sign_up_id=place.pk, way=Way.IN, at=shift.starts_at),
            lambda: take_back_approval(by=outsider, attendance_id=row.pk, why="不对"),
        ):
            with pytest.raises(NotFound):
                call()


@pytest.mark.parametrize("text", ["12345678", "  1234 5678 "])
def test_digits_are_of_one_shift_and_minute(text: str) -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.get_current_timezone())
    found = rules.seal(b"key", UUID(int=7), rules.step_of(moment))
    assert (len(found), found.isdigit()) == (8, True)
    assert rules.seal(b"key", UUID(int=8), rules.step_of(moment)) != found
    assert rules.seal(b"other", UUID(int=7), rules.step_of(moment)) != found
    assert not rules.is_genuine(b"key", rules.Code(UUID(int=7), rules.step_of(moment), text.strip()))


def test_the_rules_of_minutes() -> None:
    begin = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_current_timezone())
    end = begin + 2 * HOUR
    assert rules.served_minutes(begin - HOUR / 2, end + HOUR, begin, end) == 120
    assert rules.served_minutes(begin + HOUR / 2, end - HOUR / 2, begin, end) == 60
    assert rules.served_minutes(end + HOUR / 2, end + HOUR, begin, end) == 0


