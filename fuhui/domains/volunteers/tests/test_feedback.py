"""Old He was taken to the doctor: he says how it was, or tells Sun on the telephone; few stars reach Wu."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions import timebank as bank
from fuhui.domains.volunteers.actions import timebank_requests as requests
from fuhui.domains.volunteers.actions.feedback import answer_feedback, rate_request, rate_shift, stop_showing
from fuhui.domains.volunteers.models import BankAccount, Feedback, Shift, SignUp
from fuhui.domains.volunteers.queries.feedback import about_volunteer
from fuhui.domains.volunteers.rules.feedback import Said
from fuhui.domains.volunteers.tests.conftest import People, account_of, registered
from fuhui.domains.volunteers.tests.test_attendance import approved, at, place, served, shift
from fuhui.domains.volunteers.tests.test_timebank import opened
from fuhui.domains.volunteers.tests.test_timebank import served as stored
from fuhui.registry.people.actions.merging import merge_people
from fuhui.registry.people.models import Person
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db
__all__ = ["place", "shift"]
GOOD = Said(5, "小林很耐心", may_show=True)
ON_PHONE = Said(5, "很好", way="phone")


@pytest.fixture
def he(people: People) -> Viewer:
    """Old He with an account of his own."""
    return account_of(people, people.he, "he", "何叔")


@pytest.fixture
def done(people: People, lin: Viewer, leader: Viewer, shift: Shift, place: SignUp) -> Shift:
    """林晓 was there and her hours are approved."""
    approved(leader, shift, served(lin, shift), 120)
    return shift


def notes(people: People) -> list[tuple[str, str]]:
    """Who was written to of feedback, and what."""
    with acting(system("tests", people.community.id)):
        found = Message.objects.filter(dedupe_key__startswith="feedback:")
        return [(str(one.to_account), one.body) for one in found]


def test_he_says_once_how_it_was_and_lin_reads_it_without_his_name(
    people: People, he: Viewer, lin: Viewer, leader: Viewer, done: Shift, place: SignUp, signed_in: Any
) -> None:
    with at(done.ends_at + timedelta(days=1)):
        with acting(he):
            row = rate_shift(by=he, shift_id=done.pk, person_id=people.he, said=GOOD)
            with pytest.raises(RuleBroken, match="只评价一次"):
                rate_shift(by=he, shift_id=done.pk, person_id=people.he, said=GOOD)
        with acting(lin):
            told = about_volunteer(place.volunteer)
            assert (told.number, told.mean, [one.words for one in told.shown]) == (1, 5.0, ["小林很耐心"])
        page = signed_in(lin).get(f"/volunteers/{place.volunteer_id}/record/").content.decode()
        assert ("小林很耐心" in page, "5.0 星" in page, "何叔" in page) == (True, True, False)
        assert "何叔" not in signed_in(leader).get("/volunteers/feedback/").content.decode()
        with acting(lin), pytest.raises(NotFound):
            stop_showing(by=lin, feedback_id=row.pk)
        with acting(he):
            stop_showing(by=he, feedback_id=row.pk)
        page = signed_in(lin).get(f"/volunteers/{place.volunteer_id}/record/").content.decode()
        assert ("小林很耐心" in page, "5.0 星" in page) == (False, True)
    assert notes(people) == []


def test_what_he_tells_sun_on_the_telephone_reaches_wu_who_answers(
    people: People, sun: Viewer, leader: Viewer, lin: Viewer, done: Shift
) -> None:
    bad = Said(2, "来晚了半小时", way="phone")
    with at(done.ends_at + timedelta(days=1)):
        with acting(sun):
            with pytest.raises(BadInput, match="哪里不满意"):
                rate_shift(by=sun, shift_id=done.pk, person_id=people.he, said=Said(1, " ", way="phone"))
            with pytest.raises(BadInput, match="电话里还是当面"):
                rate_shift(by=sun, shift_id=done.pk, person_id=people.he, said=Said(2, "来晚了"))
            row = rate_shift(by=sun, shift_id=done.pk, person_id=people.he, said=bad)
        assert [(to, "来晚了半小时" in body) for to, body in notes(people)] == [(str(leader.account_id), True)]
        with acting(lin), pytest.raises(NotFound):
            answer_feedback(by=lin, feedback_id=row.pk, words="没有的事")
        with acting(leader):
            with pytest.raises(BadInput, match="怎么处理"):
                answer_feedback(by=leader, feedback_id=row.pk, words="")
            assert answer_feedback(by=leader, feedback_id=row.pk, words="已道歉").answered_by_name == "吴队"


def test_nobody_rates_their_own_service_or_speaks_for_others(
    people: People, lin: Viewer, wang: Viewer, sun: Viewer, outsider: Viewer, done: Shift
) -> None:
    with at(done.ends_at + timedelta(days=1)):
        with acting(lin), pytest.raises(NotAllowed, match="您参加了"):
            rate_shift(by=lin, shift_id=done.pk, person_id=people.lin, said=GOOD)
        with acting(wang), pytest.raises(NotAllowed, match="自己写"):
            rate_shift(by=wang, shift_id=done.pk, person_id=people.he, said=ON_PHONE)
        with acting(outsider), pytest.raises(NotFound):
            rate_shift(by=outsider, shift_id=done.pk, person_id=people.he, said=ON_PHONE)
        with acting(sun), pytest.raises(RuleBroken, match="不能评价自己"):
            rate_shift(by=sun, shift_id=done.pk, person_id=people.lin, said=ON_PHONE)


def test_only_a_service_that_was_given_lately_is_rated(
    people: People, sun: Viewer, lin: Viewer, shift: Shift, place: SignUp
) -> None:
    served(lin, shift)
    for moment, words in ((shift.starts_at - timedelta(days=1), "还没有做"), (shift.ends_at, "还没有认定"),
                          (shift.ends_at + timedelta(days=91), "三个月")):
        with at(moment), acting(sun), pytest.raises(RuleBroken, match=words):
            rate_shift(by=sun, shift_id=shift.pk, person_id=people.he, said=ON_PHONE)


def test_the_database_keeps_what_was_said(people: People, he: Viewer, done: Shift) -> None:
    with at(done.ends_at + timedelta(days=1)), acting(he):
        row = rate_shift(by=he, shift_id=done.pk, person_id=people.he, said=Said(4, "好"))
        here = Feedback.objects.filter(pk=row.pk)
        for change in ({"stars": 1}, {"words": "差"}, {"may_show": True}, {"answer": "好"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                here.update(**change)
        for wrong in ({"stars": 0}, {"stars": 6}, {"person_id": people.lin}, {"person_id": None}, {"way": "x"}):
            facts: dict[str, Any] = {"shift": done, "person_id": people.zhou, "stars": 4, "way": "self"}
            with pytest.raises(DatabaseError), transaction.atomic():
                Feedback.objects.create(community_id=row.community_id, **(facts | wrong))


def test_what_two_records_of_he_said_goes_together(people: People, sun: Viewer, chen: Viewer, done: Shift) -> None:
    with acting(system("tests", people.community.id)):
        other = Person.objects.create(community_id=people.community.id, name="何叔").pk
    with at(done.ends_at + timedelta(days=1)):
        with acting(sun):
            row = rate_shift(by=sun, shift_id=done.pk, person_id=other, said=ON_PHONE)
        with acting(chen):
            merge_people(by=chen, keep=people.he, merge=other, reason="同一个人，本人确认")
        with acting(sun):
            assert Feedback.objects.get(pk=row.pk).person_id == people.he
            with pytest.raises(RuleBroken, match="只评价一次"):
                rate_shift(by=sun, shift_id=done.pk, person_id=people.he, said=ON_PHONE)


def test_a_request_of_the_time_bank_is_rated_by_who_asked(
    people: People, lin: Viewer, chen: Viewer, signed_in: Any
) -> None:
    registered(people, people.lin)
    helper = registered(people, people.zhou)
    zhou = account_of(people, people.zhou, "zhou", "周航")
    opened(people, chen)
    stored(people, people.lin, 120, "a")
    with acting(lin):
        hers = BankAccount.objects.get(person=people.lin)
        asked = requests.ask_help(by=lin, account_id=hers.pk, words="代买菜", minutes=60, kind="other",
                                  wanted_on=timezone.localdate())
    with acting(zhou):
        requests.accept_request(by=zhou, request_id=asked.pk)
    address = f"/volunteers/bank/requests/{asked.pk}/feedback/"
    browser = signed_in(lin)
    early = browser.post(address, {"stars": "5"})
    assert (early.status_code, "完成以后" in early.content.decode()) == (409, True)
    with acting(lin):
        requests.confirm_request(by=lin, request_id=asked.pk, minutes=45)
    assert address in browser.get("/volunteers/bank/").content.decode()
    with acting(zhou), pytest.raises(NotAllowed):
        rate_request(by=zhou, request_id=asked.pk, said=GOOD)
    said = browser.post(address, {"stars": "1", "words": "菜买错了", "may_show": "on"}, follow=True).content.decode()
    assert ("记下了" in said, address in said) == (True, False)
    assert [to for to, _ in notes(people)] == [str(chen.account_id)]
    with acting(zhou):
        assert [one.words for one in about_volunteer(helper).shown] == ["菜买错了"]
    with acting(chen), pytest.raises(RuleBroken, match="只评价一次"):
        rate_request(by=chen, request_id=asked.pk, said=ON_PHONE)
    assert bank.may_spend(lin, hers)


def test_the_pages_of_feedback(
    people: People, he: Viewer, sun: Viewer, leader: Viewer, wang: Viewer, done: Shift, signed_in: Any,
    django_assert_max_num_queries: Any,
) -> None:
    with at(done.ends_at + timedelta(days=1)):
        address = f"/volunteers/shifts/{done.pk}/feedback/"
        his, desk, his_leader = signed_in(he), signed_in(sun), signed_in(leader)
        assert address in his.get(f"/volunteers/calls/{done.call_id}/").content.decode()
        assert "没有关联居民档案" in signed_in(wang).get(address).content.decode()
        wrong = his.post(address, {"stars": "2", "words": ""})
        assert (wrong.status_code, "哪里不满意" in wrong.content.decode()) == (422, True)
        found = desk.get(f"{address}?q=何叔").content.decode()
        assert str(people.he) in found
        nobody = desk.post(address, {"for_other": "1", "q": "何叔", "way": "phone", "stars": "4", "words": "不错"})
        assert (nobody.status_code, "请先搜索" in nobody.content.decode(), "不错" in nobody.content.decode()) == (
            422, True, True)
        sent = {"for_other": "1", "q": "何叔", "person_id": str(people.he), "way": "phone", "stars": "2",
                "words": "来晚了半小时"}
        assert "记下了" in desk.post(address, sent, follow=True).content.decode()
        again = his.post(address, {"stars": "5"})
        assert (again.status_code, "只评价一次" in again.content.decode()) == (409, True)
        listed = his_leader.get("/volunteers/feedback/").content.decode()
        item = listed.partition('action="/volunteers/feedback/')[2].partition("/")[0]
        assert ("来晚了半小时" in listed, "何叔" in listed) == (True, False)
        assert "何叔" in desk.get("/volunteers/feedback/").content.decode()
        answered = his_leader.post(f"/volunteers/feedback/{item}/", {"answer": "已道歉"}, follow=True)
        assert "已道歉" in answered.content.decode()
        for browser, page in ((his, address), (his_leader, address), (desk, f"{address}?q=何叔"),
                              (desk, "/volunteers/feedback/"), (his_leader, "/volunteers/feedback/")):
            with django_assert_max_num_queries(10):
                assert browser.get(page).status_code == 200
