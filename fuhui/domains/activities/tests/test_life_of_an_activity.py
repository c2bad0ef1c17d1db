"""An activity from the plan to the book, as the people of 福惠社区 live it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fuhui.domains.activities.actions.attending import check_in, close_activity
from fuhui.domains.activities.actions.planning import (
    add_helper,
    approve_activity,
    cancel_activity,
    move_activity,
    plan_activity,
    publish_activity,
    resize_activity,
)
from fuhui.domains.activities.actions.signing import accept_offer, leave
from fuhui.domains.activities.checks import IN_BOOK
from fuhui.domains.activities.jobs import close_due, lapse_due
from fuhui.domains.activities.models import Activity, CheckIn
from fuhui.domains.activities.queries import coming, public_activity
from fuhui.domains.activities.rules.activity import Outcome, Plan, State
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.activities.tickets import read_ticket, ticket_of
from fuhui.registry.ledger.checks import look
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db


def scan(town: Town, activity: Activity, **more: Any) -> CheckIn:
    """Zhao stands at the door."""
    facts = {"client_uuid": new_id()} | more
    with acting(town.zhao):
        return check_in(by=town.zhao, activity_id=activity.pk, **facts)


def test_another_than_the_planner_approves(town: Town) -> None:
    activity = town.plan()
    with acting(town.zhao), pytest.raises(NotAllowed):
        approve_activity(by=town.zhao, activity_id=activity.pk)
    with acting(town.sun):
        own = plan_activity(by=town.sun, community_id=town.place.id, request_key=new_id(), plan=Plan(
            title="义诊", place="广场", capacity=9, starts_at=activity.starts_at, ends_at=activity.ends_at))
        with pytest.raises(NotAllowed, match="另一位同事"):
            approve_activity(by=town.sun, activity_id=own.pk)
        with pytest.raises(RuleBroken, match="不能发布"):
            publish_activity(by=town.sun, activity_id=activity.pk)
        approve_activity(by=town.sun, activity_id=activity.pk)
    with acting(town.visitor) as visitor, pytest.raises(NotFound):
        public_activity(visitor, town.place.id, activity.pk)
    with acting(town.zhao):
        publish_activity(by=town.zhao, activity_id=activity.pk)
    with acting(town.visitor) as visitor:
        assert [one.pk for one in coming(visitor, town.place.id, timezone.now())] == [activity.pk]


def test_families_take_as_many_places_as_they_are(town: Town) -> None:
    activity = town.open_activity(5)
    town.sign_up(activity, heads=4)
    town.sign_up(activity, "孙桂芳", heads=2)
    assert town.states(activity) == ["confirmed", "waiting"]
    assert town.newest(activity).taken == 4


def test_nobody_jumps_the_waiting_list(town: Town) -> None:
    activity = town.open_activity(5)
    town.sign_up(activity, heads=4)
    town.sign_up(activity, "孙桂芳", heads=2)
    town.sign_up(activity, "周航", heads=1)
    assert town.states(activity) == ["confirmed", "waiting", "waiting"]


def test_a_freed_place_is_offered_to_the_next_and_lapses_to_the_one_after(town: Town) -> None:
    activity = town.open_activity(1, starts_at=timezone.now() + timedelta(days=9),
                                  ends_at=timezone.now() + timedelta(days=9, hours=2))
    first = town.sign_up(activity)
    town.sign_up(activity, "孙桂芳", phone="19900000022")
    third = town.sign_up(activity, "周航", phone="19900000023")
    with acting(town.visitor) as visitor:
        leave(by=visitor, activity_id=activity.pk, signup_id=first.pk, by_ticket=True)
    assert town.states(activity) == ["cancelled", "offered", "waiting"]
    assert town.newest(activity).taken == 1
    town.sign_up(activity, "钱进", phone="19900000024")
    assert town.states(activity)[-1] == "waiting"
    later = timezone.now() + timedelta(hours=25)
    with acting(system("activities.lapse_offers", town.place.id)):
        assert lapse_due(town.place.id, now=later) == 1
        titles = list(Message.objects.order_by("pk").values_list("title", flat=True))
    assert town.states(activity) == ["cancelled", "lapsed", "offered", "waiting"]
    assert titles[-2:] == ["名额给了下一位", "有空位了，请确认"]
    with acting(town.visitor) as visitor:
        accept_offer(by=visitor, activity_id=activity.pk, signup_id=third.pk, by_ticket=True)
    assert town.states(activity) == ["cancelled", "lapsed", "confirmed", "waiting"]


def test_an_offer_that_has_lapsed_is_not_taken(town: Town) -> None:
    activity = town.open_activity(1)
    first, second = town.sign_up(activity), town.sign_up(activity, "孙桂芳")
    with acting(town.sun):
        leave(by=town.sun, activity_id=activity.pk, signup_id=first.pk)
    with at(activity.starts_at - timedelta(seconds=1)), acting(town.sun):
        accept_offer(by=town.sun, activity_id=activity.pk, signup_id=second.pk)
        with pytest.raises(RuleBroken, match="没有给您留的名额"):
            accept_offer(by=town.sun, activity_id=activity.pk, signup_id=second.pk)


def test_more_places_reach_those_who_wait_and_fewer_than_taken_are_refused(town: Town) -> None:
    activity = town.open_activity(2)
    town.sign_up(activity, heads=2)
    town.sign_up(activity, "孙桂芳", heads=2)
    with acting(town.sun):
        with pytest.raises(BadInput, match="不能少于"):
            resize_activity(by=town.sun, activity_id=activity.pk, capacity=1)
        resize_activity(by=town.sun, activity_id=activity.pk, capacity=4)
    assert town.states(activity) == ["confirmed", "offered"]


def test_the_same_name_and_phone_sign_up_once_but_a_couple_may_share_a_phone(town: Town) -> None:
    activity = town.open_activity()
    first = town.sign_up(activity)
    with pytest.raises(RuleBroken, match="已经报过名"):
        town.sign_up(activity)
    town.sign_up(activity, "张福来")
    with acting(town.sun):
        leave(by=town.sun, activity_id=activity.pk, signup_id=first.pk)
    town.sign_up(activity)


def test_a_caller_is_entered_by_the_desk_only(town: Town) -> None:
    activity = town.open_activity()
    assert town.sign_up(activity, by=town.zhao, phone="19900000021", for_other=True).account_id is None
    with pytest.raises(NotAllowed):
        town.sign_up(activity, "张福来", by=town.wang, phone="19900000022", for_other=True)


def test_moving_and_cancelling_tell_everybody_who_signed_up(town: Town) -> None:
    activity = town.open_activity(1)
    town.sign_up(activity, "王秀兰", by=town.wang)
    town.sign_up(activity, "孙桂芳")
    starts = activity.starts_at + timedelta(days=1)
    with acting(town.sun):
        moved = move_activity(by=town.sun, activity_id=activity.pk, starts_at=starts, place="小广场",
                              ends_at=starts + timedelta(hours=1), reason="停电")
        cancelled = cancel_activity(by=town.sun, activity_id=activity.pk, reason="主讲人生病")
        told = Message.objects.filter(to_account=town.wang.account_id).order_by("pk").values_list("title", flat=True)
        assert (moved, cancelled) == (2, 2)
        assert list(told) == ["报名成功", "活动改时间地点了", "活动取消了"]
    with pytest.raises(RuleBroken, match="不能报名"):
        town.sign_up(activity, "周航")


def test_the_door_counts_once_and_keeps_what_it_refuses(town: Town) -> None:
    activity, other = town.open_activity(3), town.open_activity()
    inside = town.sign_up(activity, heads=3)
    waiting, elsewhere = town.sign_up(activity, "孙桂芳"), town.sign_up(other, "周航")
    ticket = ticket_of(town.place.id, inside.pk)
    assert scan(town, activity, ticket=ticket).outcome == Outcome.EARLY
    with at(activity.starts_at):
        key = new_id()
        assert [scan(town, activity, ticket=ticket, client_uuid=key).outcome for _ in range(3)] == [Outcome.OK] * 3
        assert scan(town, activity, signup_id=inside.pk).outcome == Outcome.AGAIN
        assert scan(town, activity, ticket=ticket[:-2] + "xx").outcome == Outcome.FORGED
        assert scan(town, activity, ticket="https://example.com/").outcome == Outcome.FORGED
        assert scan(town, activity, signup_id=waiting.pk).outcome == Outcome.WAITING
        assert scan(town, activity, signup_id=elsewhere.pk).outcome == Outcome.OTHER
        assert scan(town, activity, walk_ins=7).outcome == Outcome.OK
    with acting(town.zhao):
        assert CheckIn.objects.filter(activity=activity).count() == 8
        with pytest.raises(NotAllowed):
            check_in(by=town.wang, activity_id=activity.pk, client_uuid=new_id(), walk_ins=1)


def test_a_scan_that_arrives_late_keeps_both_times(town: Town) -> None:
    activity = town.open_activity()
    inside = town.sign_up(activity)
    with at(activity.starts_at + timedelta(minutes=50)):
        late = scan(town, activity, signup_id=inside.pk, at=activity.starts_at)
    assert late.at == activity.starts_at
    assert late.received_at - late.at >= timedelta(minutes=50)


def _held(town: Town) -> Activity:
    """Wang and a couple came, seven more walked in; the hospital sent two."""
    with at(timezone.now() - timedelta(days=9)):
        activity = town.open_activity()
        wang = town.sign_up(activity, "王秀兰", by=town.wang, heads=2)
        couple = town.sign_up(activity, heads=2)
        with acting(town.zhao):
            add_helper(by=town.zhao, activity_id=activity.pk, role="partner", organisation=town.hospital, heads=2)
    with at(activity.starts_at):
        for one in (wang, couple):
            scan(town, activity, signup_id=one.pk)
        scan(town, activity, walk_ins=7)
    return activity


def test_it_closes_itself_into_the_book(town: Town) -> None:
    activity = _held(town)
    after = activity.ends_at + timedelta(hours=13)
    with at(after), acting(system("activities.close", town.place.id)):
        assert close_due(town.place.id, now=activity.ends_at + timedelta(hours=1)) == 0
        assert close_due(town.place.id, now=after) == 1
        assert close_due(town.place.id, now=after) == 0
    with acting(town.chen):
        record = ServiceRecord.objects.get(source="activities.activity", key=str(activity.pk))
        assert (record.got_heads, record.got_named, record.gave_heads, record.gave_minutes) == (11, 1, 2, 240)
        assert ServicePart.objects.filter(record=record, person=town.wang.person_id, side="got").count() == 1
        assert look(IN_BOOK, town.place.id).found == 0
    assert town.newest(activity).state == State.CLOSED


def test_without_helpers_it_is_written_under_who_planned_it(town: Town) -> None:
    with at(timezone.now() - timedelta(days=9)):
        activity = town.open_activity()
    with at(activity.starts_at + timedelta(hours=1)), acting(town.sun):
        close_activity(by=town.sun, activity_id=activity.pk)
        part = ServicePart.objects.get(record__key=str(activity.pk), side="gave")
        assert part.account_id == town.zhao.account_id
        with pytest.raises(RuleBroken, match="不能结束"):
            close_activity(by=town.sun, activity_id=activity.pk)


def test_what_the_book_lost_is_found(town: Town) -> None:
    activity = _held(town)
    with acting(town.chen):
        Activity.objects.filter(pk=activity.pk).update(state="closed", closed_at=timezone.now())
        assert look(IN_BOOK, town.place.id).rows == [
            ("春季养生讲座：签到 11 人次，台账 0 人次", f"/activities/desk/{activity.pk}/")
        ]


def test_it_does_not_end_before_it_begins(town: Town) -> None:
    activity = town.open_activity()
    with acting(town.sun), pytest.raises(RuleBroken, match="还没有开始"):
        close_activity(by=town.sun, activity_id=activity.pk)


def test_a_ticket_names_its_sign_up_and_a_forged_one_nothing(town: Town) -> None:
    signup = town.sign_up(town.open_activity())
    ticket = ticket_of(town.place.id, signup.pk)
    assert read_ticket(f"https://fuhui.example/activities/ticket/{ticket}/").signup_id == signup.pk
    for forged in ("", "x", ticket[:-1], "a" + ticket, ticket.replace(".", "")):
        with pytest.raises(NotFound):
            read_ticket(forged)


WRONG = [
    ({"starts_at": timezone.now() - timedelta(days=1)}, "已经过去"),
    ({"ends_at": timezone.now()}, "结束时间要在开始时间之后"),
    ({"ends_at": timezone.now() + timedelta(days=9)}, "24 小时"),
    ({"capacity": -3}, "名额"), ({"capacity": 0}, "名额"), ({"capacity": 5001}, "名额"),
    ({"title": "  "}, "活动名称"), ({"place": ""}, "活动地点"), ({"kind": "x"}, "类型"),
    ({"service_code": "nothing.here"}, "服务目录"), ({"text": "x" * 1001}, "1000"), ({"organiser": new_id()}, "组织"),
]


@pytest.mark.parametrize(("change", "words"), WRONG)
def test_a_plan_that_cannot_be(town: Town, change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        town.plan(**change)


@pytest.mark.parametrize(("change", "words"), [({"heads": 0}, "1 到 10"), ({"heads": 11}, "1 到 10"),
                                              ({"name": " "}, "姓名"), ({"phone": "1"}, "11 位"),
                                              ({"phone": ""}, "留手机号")])
def test_a_sign_up_that_cannot_be(town: Town, change: dict[str, Any], words: str) -> None:
    activity = town.open_activity()
    with pytest.raises(BadInput, match=words):
        town.sign_up(activity, **change)
    assert town.states(activity) == []


def test_the_neighbours_see_nothing(town: Town, outsider: Viewer) -> None:
    activity = town.open_activity()
    with acting(outsider):
        assert Activity.objects.count() == 0
        with pytest.raises(NotFound):
            cancel_activity(by=outsider, activity_id=activity.pk, reason="x")
