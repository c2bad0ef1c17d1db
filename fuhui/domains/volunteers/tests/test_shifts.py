"""Calls for help, signing up, giving back, who is asked first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.calls import add_shift, ask_for_help, cancel_shift, change_places, publish_call
from fuhui.domains.volunteers.actions.signing_up import sign_up, withdraw
from fuhui.domains.volunteers.models import Shift, SignUp
from fuhui.domains.volunteers.queries.fairness import candidates
from fuhui.domains.volunteers.queries.shifts import next_shifts, open_calls, roster
from fuhui.domains.volunteers.rules.planning import CallEntry, ShiftEntry
from fuhui.domains.volunteers.tests.conftest import People, account_of, called, registered, tomorrow_at
from fuhui.registry.ledger.actions import ServedBy, write_service
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system


def test_lin_takes_a_place_and_sees_it_next(people: People, lin: Viewer) -> None:
    row = registered(people, people.lin)
    shift = called(people, (9, 11))[0]
    with acting(lin):
        sign_up(by=lin, shift_id=shift.pk, volunteer_id=row.pk)
        assert [one.shift_id for one in next_shifts(lin, row.pk)] == [shift.pk]
        with pytest.raises(RuleBroken, match="不用再报"):
            sign_up(by=lin, shift_id=shift.pk, volunteer_id=row.pk)
        assert open_calls(lin, people.community.id)[0].coming[0].taken == 1  # type: ignore[attr-defined]


def test_a_collision_is_refused_and_a_close_one_is_asked_about(people: People, lin: Viewer) -> None:
    row = registered(people, people.lin)
    first, second, third = called(people, (9, 11), (10, 12), (11, 13))
    with acting(lin):
        sign_up(by=lin, shift_id=first.pk, volunteer_id=row.pk)
        with pytest.raises(RuleBroken) as hard:
            sign_up(by=lin, shift_id=second.pk, volunteer_id=row.pk, close_is_fine=True)
        with pytest.raises(RuleBroken) as soft:
            sign_up(by=lin, shift_id=third.pk, volunteer_id=row.pk)
        sign_up(by=lin, shift_id=third.pk, volunteer_id=row.pk, close_is_fine=True)
    assert (hard.value.code, soft.value.code) == ("collides", "close")


def test_the_database_refuses_two_shifts_at_one_hour_by_itself(people: People, chen: Viewer) -> None:
    row = registered(people, people.lin)
    first, second = called(people, (9, 11), (10, 12))
    with acting(chen):
        sign_up(by=chen, shift_id=first.pk, volunteer_id=row.pk)
        with pytest.raises(IntegrityError, match="volunteers_sign_up_one_place"), transaction.atomic():
            SignUp.objects.create(community_id=row.community_id, shift=second, volunteer=row, signed_by="x",
                                  during=(tomorrow_at(1, days=90), tomorrow_at(2, days=90)))


def test_a_shift_cannot_be_moved_under_those_who_signed_up(people: People, chen: Viewer) -> None:
    shift = called(people, (9, 11))[0]
    with acting(chen), pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(ends_at=shift.ends_at + timedelta(hours=1))


def test_what_a_teams_call_asks_for(people: People, lin: Viewer, leader: Viewer) -> None:
    row = registered(people, people.lin)
    shift = called(people, (9, 11), team=people.rainbow, team_only=True)[0]
    with acting(lin), pytest.raises(RuleBroken, match="先申请入队"):
        sign_up(by=lin, shift_id=shift.pk, volunteer_id=row.pk)
    with acting(leader):
        assert change_places(by=leader, shift_id=shift.pk, capacity=9).capacity == 9
        other = called(people, (9, 11), team=people.sunshine)[0]
        with acting(leader), pytest.raises(NotAllowed):
            change_places(by=leader, shift_id=other.pk, capacity=9)


def _minor() -> dict[str, Any]:
    return {"guardian_name": "张伟", "guardian_relation": "father", "guardian_agreed_on": timezone.localdate()}


def test_a_minor_is_kept_from_danger(people: People, chen: Viewer) -> None:
    row = registered(people, people.xiaoyu, **_minor())
    shift = called(people, (9, 11), is_dangerous=True, risks="登高")[0]
    with acting(chen), pytest.raises(RuleBroken, match="未满 18 周岁"):
        sign_up(by=chen, shift_id=shift.pk, volunteer_id=row.pk)


@pytest.mark.parametrize(("begin", "end", "capacity", "words"), [
    (timedelta(days=-1), timedelta(hours=2), 5, "已经过去"), (timedelta(days=1), timedelta(hours=-2), 5, "晚于开始"),
    (timedelta(days=1), timedelta(hours=30), 5, "最长 12 小时"), (timedelta(days=1), timedelta(hours=2), -3, "名额"),
    (timedelta(days=1), timedelta(hours=2), 1001, "名额"), (timedelta(days=900), timedelta(hours=2), 5, "年份"),
])
def test_bad_shifts_are_named(
    people: People, chen: Viewer, begin: timedelta, end: timedelta, capacity: int, words: str
) -> None:
    call = called(people, (9, 11))[0].call_id
    start = timezone.now() + begin
    with acting(chen), pytest.raises(BadInput, match=words):
        add_shift(by=chen, call_id=call, entry=ShiftEntry(starts_at=start, ends_at=start + end, capacity=capacity))


def test_a_call_says_its_risks_and_its_kind(people: People, chen: Viewer) -> None:
    facts = {"title": "陪诊", "about": "陪", "place": "门口", "risks": "无", "kind": "other"}
    times = [ShiftEntry(starts_at=tomorrow_at(9), ends_at=tomorrow_at(10), capacity=1)]
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"risks": " "}, "风险说明"), ({"kind": "nothing"}, "服务项目"), ({"team_only": True}, "哪支队伍"))
    for more, words in wrong:
        with acting(chen), pytest.raises(BadInput, match=words):
            publish_call(by=chen, community_id=people.community.id, entry=CallEntry(**(facts | more)), shifts=times)


def test_a_full_shift_never_shrinks_below_who_comes(people: People, chen: Viewer) -> None:
    shift = called(people, (9, 11), capacity=1)[0]
    first, second = registered(people, people.lin), registered(people, people.zhou)
    with acting(chen):
        sign_up(by=chen, shift_id=shift.pk, volunteer_id=first.pk)
        with pytest.raises(RuleBroken, match="名额已满"):
            sign_up(by=chen, shift_id=shift.pk, volunteer_id=second.pk)
        change_places(by=chen, shift_id=shift.pk, capacity=2)
        sign_up(by=chen, shift_id=shift.pk, volunteer_id=second.pk)
        with pytest.raises(RuleBroken, match="已经有 2 人"):
            change_places(by=chen, shift_id=shift.pk, capacity=1)
        assert len(roster(chen, shift.pk)) == 2


def test_who_served_least_is_asked_first_and_once(people: People, chen: Viewer) -> None:
    busy, idle = registered(people, people.lin), registered(people, people.zhou)
    phone = account_of(people, people.zhou, "zhou", "周航")
    shift = called(people, (9, 11))[0]
    with acting(chen):
        write_service(by=chen, community=people.community.id, source="tests", key="1", kind="other", title="量血压",
                      occurred_at=timezone.now() - timedelta(days=9), minutes=60,
                      served_by=[ServedBy(person=people.lin)])
        assert [(one.volunteer.pk, one.minutes) for one in candidates(shift, timezone.now())] == [
            (idle.pk, 0), (busy.pk, 60)]
        assert [ask_for_help(by=chen, shift_id=shift.pk) for _ in range(2)] == [1, 0]
        assert Message.objects.get(kind="volunteers").to_account == phone.account_id


def test_who_drops_out_late_says_why_and_is_replaced(people: People, lin: Viewer) -> None:
    row = registered(people, people.lin)
    registered(people, people.zhou)
    account_of(people, people.zhou, "zhou", "周航")
    start = timezone.now() + timedelta(hours=5)
    call = called(people, (9, 11))[0].call_id
    with acting(lin), pytest.raises(NotAllowed):
        add_shift(by=lin, call_id=call, entry=ShiftEntry(starts_at=start, ends_at=start, capacity=1))
    with acting(system("tests", people.community.id)) as by:
        soon = add_shift(by=by, call_id=call, entry=ShiftEntry(
            starts_at=start, ends_at=start + timedelta(hours=1), capacity=1))
    with acting(lin):
        mine = sign_up(by=lin, shift_id=soon.pk, volunteer_id=row.pk)
        with pytest.raises(BadInput, match="原因"):
            withdraw(by=lin, sign_up_id=mine.pk)
        assert withdraw(by=lin, sign_up_id=mine.pk, why="孩子发烧").is_late
        withdraw(by=lin, sign_up_id=mine.pk, why="孩子发烧")
        assert Shift.objects.get(pk=soon.pk).taken == 0
        assert Message.objects.filter(kind="volunteers").count() == 1
        sign_up(by=lin, shift_id=soon.pk, volunteer_id=row.pk)


def test_a_cancelled_shift_tells_who_signed_up_and_takes_nobody(people: People, lin: Viewer, chen: Viewer) -> None:
    row = registered(people, people.lin)
    shift = called(people, (9, 11))[0]
    with acting(lin):
        sign_up(by=lin, shift_id=shift.pk, volunteer_id=row.pk)
    with acting(chen):
        with pytest.raises(BadInput, match="原因"):
            cancel_shift(by=chen, shift_id=shift.pk, why=" ")
        cancel_shift(by=chen, shift_id=shift.pk, why="下大雨")
        assert cancel_shift(by=chen, shift_id=shift.pk, why="又").cancelled_why == "下大雨"
        assert "下大雨" in Message.objects.get(kind="volunteers").body
    with acting(lin), pytest.raises(RuleBroken, match="已经取消"):
        sign_up(by=lin, shift_id=shift.pk, volunteer_id=row.pk)


def test_the_neighbour_sees_no_shift(people: People, outsider: Viewer) -> None:
    shift = called(people, (9, 11))[0]
    with acting(outsider), pytest.raises(NotFound):
        change_places(by=outsider, shift_id=shift.pk, capacity=2)
