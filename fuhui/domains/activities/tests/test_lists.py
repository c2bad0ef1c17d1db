"""After a festival the signed paper list is entered at once; everybody counts, and nobody twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fuhui.domains.activities.actions.attending import check_in, close_activity
from fuhui.domains.activities.actions.listing import Entered, add_helpers, enter_attendance_list
from fuhui.domains.activities.actions.planning import cancel_activity
from fuhui.domains.activities.models import Activity, CheckIn, Helper
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.people.models import Person
from fuhui.registry.people.queries.people import phone_index_of
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(town: Town) -> Activity:
    """A lecture of which two hours have passed, with 李建国 and a second 李建国 in the register."""
    with acting(town.sun):
        for phone in ("19900001002", "19900001003"):
            Person.objects.create(community_id=town.place.id, name="李建国", phone=phone,
                                  phone_index=phone_index_of(phone))
    with at(timezone.now() - timedelta(days=2)):
        return town.open_activity()


def _enter(town: Town, activity: Activity, roll: str, **more: int) -> Entered:
    with acting(town.sun):
        return enter_attendance_list(by=town.sun, activity_id=activity.pk, roll=roll, request_key=new_id(), **more)


def test_a_list_goes_into_the_book_as_attendances_and_people(town: Town, activity: Activity) -> None:
    found = _enter(town, activity, "王秀兰 3人\n李建国 19900001002\n李建国\n外地来的 2\n", unnamed=4)
    assert found == Entered(11, 2, ("李建国", "外地来的"))
    with acting(town.sun):
        close_activity(by=town.sun, activity_id=activity.pk)
        record = ServiceRecord.objects.get()
        assert (record.got_heads, record.got_named) == (11, 2)


def test_a_list_sent_twice_counts_once_and_so_does_a_person(town: Town, activity: Activity) -> None:
    key = new_id()
    with acting(town.sun):
        for _ in range(2):
            enter_attendance_list(by=town.sun, activity_id=activity.pk, roll="王秀兰\n路人甲", request_key=key)
        again = enter_attendance_list(by=town.sun, activity_id=activity.pk, roll="王秀兰", request_key=new_id())
        assert again == Entered(0, 0, (), ("王秀兰",))
        assert sum(CheckIn.objects.values_list("heads", flat=True)) == 2


def test_who_was_scanned_is_not_counted_again_and_who_signed_up_is_ticked_off(town: Town) -> None:
    with at(timezone.now() - timedelta(days=2)):
        activity = town.open_activity()
        wang = town.sign_up(activity, "王秀兰", by=town.wang)
    assert _enter(town, activity, "王秀兰") == Entered(1, 1)
    with acting(town.sun):
        assert CheckIn.objects.get().signup_id == wang.pk
        late = check_in(by=town.sun, activity_id=activity.pk, client_uuid=new_id(), signup_id=wang.pk)
        assert late.outcome == "again"


def test_helpers_of_a_list_are_in_the_book_with_their_minutes(town: Town, activity: Activity) -> None:
    with acting(town.sun):
        roll = "王秀兰\n没这个人\n李建国 19900001003"
        found = add_helpers(by=town.sun, activity_id=activity.pk, roll=roll, minutes=90)
        assert found == Entered(2, 2, ("没这个人",))
        add_helpers(by=town.sun, activity_id=activity.pk, roll="王秀兰", minutes=90)
        assert Helper.objects.count() == 2
        close_activity(by=town.sun, activity_id=activity.pk)
        gave = ServicePart.objects.filter(side="gave").values_list("minutes", flat=True)
        assert list(gave) == [90, 90]


def test_a_list_waits_for_the_day_and_ends_with_the_activity(town: Town, activity: Activity) -> None:
    ahead = town.open_activity()
    for one in (ahead, _cancelled(town)):
        with pytest.raises(RuleBroken):
            _enter(town, one, "王秀兰")
    with pytest.raises(BadInput):
        _enter(town, activity, "")
    with acting(town.wang), pytest.raises(NotAllowed):
        enter_attendance_list(by=town.wang, activity_id=activity.pk, roll="王秀兰", request_key=new_id())


def _cancelled(town: Town) -> Activity:
    with at(timezone.now() - timedelta(days=2)):
        activity = town.open_activity()
        with acting(town.sun):
            cancel_activity(by=town.sun, activity_id=activity.pk, reason="下雨")
    return activity
