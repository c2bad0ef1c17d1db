"""Old He's daughter acts for him, two records of Lin become one, and services of before are stored later."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from fuhui.domains.volunteers.actions import timebank as bank
from fuhui.domains.volunteers.actions import timebank_people as acting_for
from fuhui.domains.volunteers.actions import timebank_requests as requests
from fuhui.domains.volunteers.actions.timebank_catching_up import catch_up
from fuhui.domains.volunteers.checks_timebank import BANK_CHECKS
from fuhui.domains.volunteers.models import BankAccount, BankEntry, BankRepresentative, BankRequest
from fuhui.domains.volunteers.queries.timebank import settings_of, statement
from fuhui.domains.volunteers.queries.timebank_older import older
from fuhui.domains.volunteers.tests.conftest import People, registered
from fuhui.domains.volunteers.tests.test_timebank import RULES, balance, opened, served
from fuhui.domains.volunteers.web.timebank import FIRST_DAY
from fuhui.registry.ledger.actions import reverse_service
from fuhui.registry.ledger.checks import look
from fuhui.registry.people.actions.merging import merge_people
from fuhui.registry.people.models import Person
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db


def account(people: People, chen: Viewer, person: UUID) -> BankAccount:
    """Chen opens an account for a resident."""
    with acting(chen):
        return bank.open_account(by=chen, community_id=people.community.id, person_id=person)


def twin(people: People) -> UUID:
    """A second record of 林晓, as an import may make it."""
    with acting(system("tests", people.community.id)):
        birth = Person.objects.get(pk=people.lin).birth_date
        return Person.objects.create(community_id=people.community.id, name="林晓", birth_date=birth).pk


def merged(people: People, chen: Viewer, keep: UUID, other: UUID) -> None:
    """Chen says that both are one."""
    with acting(chen):
        merge_people(by=chen, keep=keep, merge=other, reason="同一手机号，本人确认")


def sound(people: People) -> list[int]:
    """What the bank's self-checks find."""
    with acting(system("tests", people.community.id)):
        return [look(one, people.community.id).found for one in BANK_CHECKS]


def test_who_acts_for_he_acts_until_it_is_ended(people: People, lin: Viewer, chen: Viewer, wang: Viewer) -> None:
    opened(people, chen)
    his = account(people, chen, people.he)
    with acting(chen):
        bank.open_account(by=chen, community_id=people.community.id, person_id=people.lin)
        row = acting_for.name_representative(by=chen, account_id=his.pk, person_id=people.lin, relation="女儿")
        again = acting_for.name_representative(by=chen, account_id=his.pk, person_id=people.lin, relation="女儿")
        assert again.pk == row.pk
        with pytest.raises(BadInput, match="关系"):
            acting_for.name_representative(by=chen, account_id=his.pk, person_id=people.zhou, relation=" ")
    with acting(wang), pytest.raises(NotFound):
        acting_for.end_representative(by=wang, representative_id=row.pk)
    with acting(lin):
        assert acting_for.end_representative(by=lin, representative_id=row.pk).ended_on == timezone.localdate()
    with acting(lin), pytest.raises(NotFound):
        bank.donate(by=lin, from_id=his.pk, minutes=1, words="捐", key="1")


def test_staff_write_down_what_he_asks_for_on_the_phone(people: People, chen: Viewer, sun: Viewer) -> None:
    opened(people, chen)
    registered(people, people.lin)
    served(people, people.lin, 60, "a")
    with acting(sun):
        hers = BankAccount.objects.get(person=people.lin)
        asked = requests.ask_help(by=sun, account_id=hers.pk, words="代买菜", minutes=30, kind="other",
                                  wanted_on=timezone.localdate())
        assert asked.asked_by == sun.actor
        with pytest.raises(NotAllowed, match="本人或代办人"):
            bank.donate(by=sun, from_id=hers.pk, minutes=10, words="捐", key="1")


def test_two_records_of_one_volunteer_have_one_account(people: People, chen: Viewer) -> None:
    other = twin(people)
    registered(people, people.lin)
    registered(people, other)
    opened(people, chen)
    served(people, people.lin, 300, "a")
    served(people, other, 400, "b")
    with acting(chen):
        old = BankAccount.objects.get(person=other)
        hers = BankAccount.objects.get(person=people.lin)
        asked = requests.ask_help(by=chen, account_id=old.pk, words="陪诊", minutes=30, kind="other",
                                  wanted_on=timezone.localdate())
        acting_for.name_representative(by=chen, account_id=old.pk, person_id=people.zhou, relation="邻居")
        acting_for.name_representative(by=chen, account_id=hers.pk, person_id=people.zhou, relation="邻居")
    merged(people, chen, people.lin, other)
    # 700 minutes together, a cap of 600: what is above helps all.
    assert (balance(people, person=people.lin), balance(people, person=other)) == (600, 0)
    assert balance(people, holder="pool") == 100
    assert sound(people) == [0, 0, 0, 0, 0]
    with acting(chen):
        assert BankRequest.objects.get(pk=asked.pk).account_id == hers.pk
        assert BankRepresentative.objects.filter(account=hers, ended_on__isnull=True).count() == 1
        assert not BankRepresentative.objects.filter(account=old, ended_on__isnull=True).exists()


def test_an_account_of_the_merged_record_alone_goes_over_whole(people: People, chen: Viewer) -> None:
    other = twin(people)
    opened(people, chen)
    old = account(people, chen, other)
    with acting(chen):
        acting_for.name_representative(by=chen, account_id=old.pk, person_id=people.lin, relation="本人另一份档案")
        his = bank.open_account(by=chen, community_id=people.community.id, person_id=people.he)
        acting_for.name_representative(by=chen, account_id=his.pk, person_id=other, relation="女儿")
    merged(people, chen, people.lin, other)
    with acting(chen):
        assert BankAccount.objects.get(pk=old.pk).person_id == people.lin
        live = BankRepresentative.objects.filter(ended_on__isnull=True)
        assert list(live.values_list("account", "person")) == [(his.pk, people.lin)]


def test_what_a_merged_record_earned_is_taken_back_from_who_they_are_today(people: People, chen: Viewer) -> None:
    other = twin(people)
    registered(people, people.lin)
    registered(people, other)
    opened(people, chen)
    served(people, people.lin, 60, "a")
    served(people, other, 90, "b")
    merged(people, chen, people.lin, other)
    with acting(system("tests", people.community.id)) as by:
        reverse_service(by=by, community=people.community.id, source="tests", key="b", reason="记错了")
    assert (balance(people, person=people.lin), balance(people, person=other)) == (60, 0)
    assert sound(people) == [0, 0, 0, 0, 0]
    with acting(chen):
        moved = BankEntry.objects.filter(kind="merge").first()
        assert moved
        with pytest.raises(RuleBroken, match="不能再冲正"):
            bank.reverse_entry(by=chen, entry_id=moved.pk, why="试试")


def test_a_gift_of_a_merged_record_comes_back_to_who_they_are_today(people: People, chen: Viewer) -> None:
    other = twin(people)
    registered(people, other)
    opened(people, chen)
    served(people, other, 90, "b")
    account(people, chen, people.lin)
    his = account(people, chen, people.he)
    with acting(system("tests", people.community.id)) as by:
        given = bank.give(by=by, from_id=BankAccount.objects.get(person=other).pk, to_id=his.pk, minutes=50,
                          words="谢谢", key="1")
    merged(people, chen, people.lin, other)
    with acting(chen):
        bank.reverse_entry(by=chen, entry_id=given.pk, why="送错了人")
    assert (balance(people, person=people.lin), balance(people, person=other)) == (90, 0)
    assert balance(people, person=people.he) == 0


def test_two_overdrawn_accounts_are_not_merged_below_the_floor(people: People, chen: Viewer) -> None:
    other = twin(people)
    opened(people, chen, bank.BankRules(True, 600, floor=-60))
    mine, old = account(people, chen, people.lin), account(people, chen, other)
    with acting(system("tests", people.community.id)) as by:
        for one in (mine, old):
            bank.donate(by=by, from_id=one.pk, minutes=40, words="捐", key=str(one.pk))
    with pytest.raises(RuleBroken, match="合起来低于"):
        merged(people, chen, people.lin, other)
    assert balance(people, person=other) == -40


def test_services_of_before_are_stored_once_from_the_oldest_on(people: People, chen: Viewer, sun: Viewer) -> None:
    registered(people, people.lin)
    for number in range(103):
        served(people, people.lin, 1, str(number))
    served(people, people.zhou, 90, "no volunteer")
    served(people, people.lin, 5, "taken back")
    with acting(system("tests", people.community.id)) as by:
        reverse_service(by=by, community=people.community.id, source="tests", key="taken back", reason="记错了")
    today, place = timezone.localdate(), people.community.id
    with acting(chen), pytest.raises(RuleBroken, match="还没有开办"):
        catch_up(by=chen, community_id=place, since=FIRST_DAY)
    opened(people, chen, bank.BankRules(True, 600, kinds=["other"]))
    with acting(sun), pytest.raises(NotAllowed, match="书记"):
        catch_up(by=sun, community_id=place, since=FIRST_DAY)
    with acting(chen):
        assert older(settings_of(place), FIRST_DAY) == (103, 103)
        first = catch_up(by=chen, community_id=place, since=FIRST_DAY)
        second = catch_up(by=chen, community_id=place, since=today)
        assert [(one.records, one.left) for one in (first, second)] == [(100, 3), (3, 0)]
        assert catch_up(by=chen, community_id=place, since=FIRST_DAY).records == 0
    assert balance(people, person=people.lin) == 103
    assert sound(people) == [0, 0, 0, 0, 0]


def test_a_statement_adds_up(people: People, chen: Viewer, lin: Viewer) -> None:
    registered(people, people.lin)
    opened(people, chen, RULES)
    served(people, people.lin, 120, "a")
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    with acting(lin):
        hers = BankAccount.objects.get(person=people.lin)
        bank.donate(by=lin, from_id=hers.pk, minutes=50, words="捐", key="1")
        found = statement(hers, today, today)
        assert (found.opening, found.came, found.went, found.closing) == (0, 120, 50, 70)
        assert [(line.posting.minutes, line.after, line.others) for line in found.lines] == [
            (-50, 70, "捐赠池"), (120, 120, "社区")]
        later = statement(hers, tomorrow, tomorrow)
        assert (later.opening, later.lines, later.closing) == (70, [], 70)
