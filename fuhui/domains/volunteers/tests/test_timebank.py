"""Lin stores her hours, old He's neighbour asks for help, and nobody buys or sells."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from fuhui.domains.volunteers.actions import timebank as bank
from fuhui.domains.volunteers.actions import timebank_people as acting_for
from fuhui.domains.volunteers.actions import timebank_requests as requests
from fuhui.domains.volunteers.checks_timebank import BANK_CHECKS
from fuhui.domains.volunteers.models import BankAccount, BankEntry
from fuhui.domains.volunteers.rules.timebank import sound_words, spoken
from fuhui.domains.volunteers.tests.conftest import People, account_of, registered
from fuhui.registry.ledger.actions import ServedBy, reverse_service, write_service
from fuhui.registry.ledger.checks import look
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db
RULES = bank.BankRules(is_open=True, cap=600)


def served(people: People, who: UUID, minutes: int, key: str) -> UUID:
    """A service in the book; the journey stores it where the bank is open."""
    with acting(system("tests", people.community.id)) as by:
        return write_service(by=by, community=people.community.id, source="tests", key=key, kind="other",
                             title="陪诊", occurred_at=timezone.now(), minutes=minutes,
                             served_by=[ServedBy(person=who)]).pk


def opened(people: People, chen: Viewer, rules: bank.BankRules = RULES) -> None:
    """Chen opens the bank."""
    with acting(chen):
        bank.change_rules(by=chen, community_id=people.community.id, rules=rules)


def balance(people: People, **whose: object) -> int:
    """Minutes in an account, 0 where there is none."""
    with acting(system("tests", people.community.id)):
        found = BankAccount.objects.filter(**whose).first()
        return found.balance if found else 0


def test_a_service_in_the_book_is_stored_once_and_what_is_above_the_cap_helps_all(
    people: People, chen: Viewer
) -> None:
    registered(people, people.lin)
    early = served(people, people.lin, 60, "early")
    assert balance(people, person=people.lin) == 0
    opened(people, chen)
    served(people, people.lin, 600, "a")
    served(people, people.zhou, 90, "not a volunteer")
    assert (balance(people, person=people.lin), balance(people, person=people.zhou)) == (600, 0)
    with acting(chen):
        assert bank.credit_service(by=chen, record_id=early) == 1
        assert bank.credit_service(by=chen, record_id=early) == 0
    assert (balance(people, person=people.lin), balance(people, holder="pool")) == (600, 60)
    assert balance(people, holder="issue") == -660


def test_only_kinds_that_earn_are_stored_at_the_rate(people: People, chen: Viewer) -> None:
    registered(people, people.lin)
    opened(people, chen, bank.BankRules(True, 600, rate=50, kinds=["other"]))
    served(people, people.lin, 61, "a")
    assert balance(people, person=people.lin) == 30
    opened(people, chen, bank.BankRules(True, 600, kinds=["empty_nest.warmth"]))
    served(people, people.lin, 61, "b")
    assert balance(people, person=people.lin) == 30


def test_a_request_goes_from_asked_to_done_and_into_the_book(people: People, lin: Viewer, chen: Viewer) -> None:
    registered(people, people.lin)
    registered(people, people.zhou)
    opened(people, chen)
    served(people, people.lin, 120, "a")
    zhou = account_of(people, people.zhou, "zhou", "周航")
    today = timezone.localdate()
    with acting(lin):
        mine = BankAccount.objects.get(person=people.lin)
        with pytest.raises(RuleBroken, match="余额不够"):
            requests.ask_help(by=lin, account_id=mine.pk, words="代买菜", minutes=121, wanted_on=today, kind="other")
        asked = requests.ask_help(by=lin, account_id=mine.pk, words="代买菜", minutes=60, wanted_on=today,
                                  kind="other")
        with pytest.raises(NotAllowed, match="别的志愿者"):
            requests.accept_request(by=lin, request_id=asked.pk)
    with acting(zhou):
        requests.accept_request(by=zhou, request_id=asked.pk)
        with pytest.raises(NotAllowed, match="不能自己确认"):
            requests.confirm_request(by=zhou, request_id=asked.pk, minutes=60)
    with acting(lin):
        done = requests.confirm_request(by=lin, request_id=asked.pk, minutes=45)
        with pytest.raises(RuleBroken):
            requests.confirm_request(by=lin, request_id=asked.pk, minutes=45)
        with pytest.raises(RuleBroken):
            requests.cancel_request(by=lin, request_id=asked.pk)
    assert (balance(people, person=people.lin), balance(people, person=people.zhou)) == (75, 45)
    with acting(chen):
        assert done.entry is not None
        assert done.entry.record.gave_minutes == 45


def test_a_daughter_asks_for_her_father_and_the_pool_helps(people: People, lin: Viewer, chen: Viewer) -> None:
    registered(people, people.lin)
    opened(people, chen)
    served(people, people.lin, 120, "a")
    with acting(chen):
        his = bank.open_account(by=chen, community_id=people.community.id, person_id=people.he)
    with acting(lin):
        mine = BankAccount.objects.get(person=people.lin)
        with pytest.raises(NotFound):
            requests.ask_help(by=lin, account_id=his.pk, words="陪诊", minutes=10, kind="other",
                              wanted_on=timezone.localdate())
        bank.donate(by=lin, from_id=mine.pk, minutes=100, words="给需要的人", key="1")
        bank.donate(by=lin, from_id=mine.pk, minutes=100, words="给需要的人", key="1")
        with pytest.raises(NotAllowed):
            bank.draw(by=lin, to_id=mine.pk, minutes=10, words="给自己", key="2")
    with acting(chen):
        bank.draw(by=chen, to_id=his.pk, minutes=90, words="帮扶", key="1")
        acting_for.name_representative(by=chen, account_id=his.pk, person_id=people.lin, relation="女儿")
        with pytest.raises(NotAllowed, match="本人或代办人"):
            bank.donate(by=chen, from_id=his.pk, minutes=1, words="捐", key="3")
    with acting(lin):
        assert requests.ask_help(by=lin, account_id=his.pk, words="陪诊", minutes=90, kind="other",
                                 wanted_on=timezone.localdate()).state == "open"
    assert (balance(people, holder="pool"), balance(people, person=people.he)) == (10, 90)


@pytest.mark.parametrize("words", ["20元一小时", "卖时间", "买你两小时", "发红包", "时间折现金", "五十块"])
def test_words_of_money_are_refused(words: str) -> None:
    with pytest.raises(BadInput, match="不能买卖"):
        sound_words(words)


@pytest.mark.parametrize("words", ["代买菜", "陪她买药", "元宵节包汤圆", "帮老人去买米"])
def test_errands_are_fine(words: str) -> None:
    assert sound_words(words) == words


def test_minutes_are_spoken_as_hours() -> None:
    assert [spoken(one) for one in (90, 60, 0, -45)] == ["1 小时 30 分钟", "1 小时", "0 分钟", "-45 分钟"]


def test_a_service_taken_back_takes_its_time_back(people: People, chen: Viewer) -> None:
    registered(people, people.lin)
    opened(people, chen)
    served(people, people.lin, 30, "a")
    with acting(system("tests", people.community.id)) as by:
        assert [look(one, people.community.id).found for one in BANK_CHECKS] == [0, 0, 0, 0, 0]
        reverse_service(by=by, community=people.community.id, source="tests", key="a", reason="记错了")
        assert [look(one, people.community.id).found for one in BANK_CHECKS] == [0, 0, 0, 0, 0]
    assert balance(people, person=people.lin) == 0


def test_time_that_is_spent_already_waits_for_the_secretary(people: People, lin: Viewer, chen: Viewer) -> None:
    registered(people, people.lin)
    opened(people, chen)
    served(people, people.lin, 30, "a")
    with acting(lin):
        bank.donate(by=lin, from_id=BankAccount.objects.get(person=people.lin).pk, minutes=20, words="捐", key="1")
    with acting(system("tests", people.community.id)) as by:
        reverse_service(by=by, community=people.community.id, source="tests", key="a", reason="记错了")
        assert [look(one, people.community.id).found for one in BANK_CHECKS] == [0, 0, 0, 1, 0]
    assert balance(people, person=people.lin) == 10
    served(people, people.lin, 20, "b")
    with acting(chen):
        entry = BankEntry.objects.get(kind="earn", words="陪诊", record__key="a")
        bank.reverse_entry(by=chen, entry_id=entry.pk, why="服务记错")
    with acting(system("tests", people.community.id)):
        assert [look(one, people.community.id).found for one in BANK_CHECKS] == [0, 0, 0, 0, 0]
    assert balance(people, person=people.lin) == 0


def test_an_account_is_opened_for_somebody_who_is_there(people: People, chen: Viewer) -> None:
    opened(people, chen)
    with acting(chen):
        with pytest.raises(BadInput, match="请先选择"):
            bank.open_account(by=chen, community_id=people.community.id)
        with pytest.raises(NotFound):
            bank.open_account(by=chen, community_id=people.community.id, person_id=people.community.id)
        assert bank.open_account(by=chen, community_id=people.community.id, person_id=people.he).person_id == people.he
