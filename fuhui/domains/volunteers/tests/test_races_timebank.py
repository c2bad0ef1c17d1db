"""One balance and twenty hands; the control shows that the race is real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions import timebank as bank
from fuhui.domains.volunteers.actions.timebank_reversed import take_back_service
from fuhui.domains.volunteers.models import BankAccount, BankEntry, BankPosting
from fuhui.domains.volunteers.tests.conftest import People, registered
from fuhui.registry.ledger.actions import ServedBy, write_service
from fuhui.registry.people.actions.merging import merge_people
from fuhui.registry.people.models import Person
from fuhui.shared.errors import RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import make_account
from tests.racing import as_owner, failures, race

PARALLEL = 20


@pytest.fixture
def chen(town: People) -> Viewer:
    """Chen the secretary, committed."""
    return make_account("chen", "陈静", Role.SECRETARY, town.community)


def served(town: People, who: UUID, minutes: int, key: str = "1") -> UUID:
    """A service in the book."""
    with acting(system("tests", town.community.id)) as by:
        return write_service(by=by, community=town.community.id, source="tests", key=key, kind="other", title="陪诊",
                             occurred_at=timezone.now(), minutes=minutes, served_by=[ServedBy(person=who)]).pk


def _rich(town: People, minutes: int = 180) -> tuple[Viewer, BankAccount, BankAccount]:
    registered(town, town.lin)
    by = system("tests", town.community.id)
    with acting(by):
        bank.change_rules(by=by, community_id=town.community.id, rules=bank.BankRules(True, 6000))
        record = served(town, town.lin, minutes)
        bank.credit_service(by=by, record_id=record)
        other = bank.open_account(by=by, community_id=town.community.id, person_id=town.zhou)
        return by, BankAccount.objects.get(person=town.lin), other


def test_three_hours_for_twenty_spenders_of_an_hour_are_three(town: People) -> None:
    by, mine, other = _rich(town)
    refused = failures(race(*[(by, lambda key=str(key): bank.give(
        by=by, from_id=mine.pk, to_id=other.pk, minutes=60, words="谢谢", key=key)) for key in range(PARALLEL)]))
    assert [getattr(one, "code", one) for one in refused] == ["volunteers_bank_floor"] * (PARALLEL - 3)
    with acting(by):
        assert BankAccount.objects.get(pk=mine.pk).balance == 0
        assert BankAccount.objects.get(pk=other.pk).balance == 180


def test_without_the_check_the_account_would_be_overdrawn(town: People) -> None:
    by, mine, other = _rich(town)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE volunteers_bank_account DROP CONSTRAINT volunteers_bank_floor")
    assert not failures(race(*[(by, lambda key=str(key): bank.give(
        by=by, from_id=mine.pk, to_id=other.pk, minutes=60, words="谢谢", key=key)) for key in range(PARALLEL)]))
    with acting(by):
        assert BankAccount.objects.get(pk=mine.pk).balance == 180 - PARALLEL * 60


def test_twenty_credits_of_one_service_store_it_once(town: People) -> None:
    by, mine, _ = _rich(town)
    record = served(town, town.lin, 30, key="2")
    race(*[(by, lambda: bank.credit_service(by=by, record_id=record)) for _ in range(PARALLEL)])
    with acting(by):
        assert BankAccount.objects.get(pk=mine.pk).balance == 210


def test_twenty_reversals_are_one_and_without_the_constraint_many(town: People, chen: Viewer) -> None:
    by, mine, _ = _rich(town)
    with acting(by):
        entry = BankEntry.objects.get(kind="earn")
    results = race(*[(chen, lambda: bank.reverse_entry(by=chen, entry_id=entry.pk, why="记错"))] * PARALLEL)
    assert len(failures(results)) == PARALLEL - 1
    with acting(by):
        assert BankAccount.objects.get(pk=mine.pk).balance == 0
        assert BankEntry.objects.filter(reverses=entry).count() == 1
    with as_owner() as cursor:
        for name in ("reversed_once", "entry_once"):
            cursor.execute(f"ALTER TABLE volunteers_bank_entry DROP CONSTRAINT volunteers_bank_{name}")
        cursor.execute("ALTER TABLE volunteers_bank_account DROP CONSTRAINT volunteers_bank_floor")
    with acting(by):
        assert not failures(race((chen, lambda: bank.reverse_entry(by=chen, entry_id=entry.pk, why="记错"))))


def _bare(by: Viewer, kind: str, legs: dict[UUID, int]) -> BankEntry:
    entry = BankEntry.objects.create(community_id=by.communities[0], kind=kind, words="x", key=str(timezone.now()),
                                     by="x")
    for account, minutes in legs.items():
        BankPosting.objects.create(community_id=entry.community_id, entry=entry, account_id=account, minutes=minutes)
    return entry


@transaction.atomic
def _committed(write: Callable[[], Any]) -> None:
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_what_does_not_balance_and_every_change(town: People) -> None:
    by, mine, other = _rich(town)
    with acting(by):
        entry = BankEntry.objects.get(kind="earn")

        def late() -> Any:
            for account, minutes in ((mine, -10), (other, 10)):
                BankPosting.objects.create(community_id=entry.community_id, entry=entry, account=account,
                                           minutes=minutes)

        wrong: list[Callable[[], Any]] = [
            lambda: _bare(by, "gift", {mine.pk: -60, other.pk: 50}), lambda: _bare(by, "gift", {}),
            lambda: _bare(by, "cash", {mine.pk: -60, other.pk: 60}), late,
            lambda: BankPosting.objects.update(minutes=1), lambda: BankPosting.objects.all().delete(),
            lambda: BankEntry.objects.filter(pk=entry.pk).update(words="y"),
            lambda: BankAccount.objects.filter(pk=mine.pk).update(balance=9999),
            lambda: BankAccount.objects.create(community_id=mine.community_id, holder="person", person_id=town.he,
                                               balance=5),
        ]
        for one in wrong:
            with pytest.raises(DatabaseError):
                _committed(one)
        assert BankAccount.objects.get(pk=mine.pk).balance == 180


def _earned(by: Viewer) -> UUID:
    record = BankEntry.objects.get(kind="earn").record_id
    assert record
    return record


def _taken_back(town: People, record: UUID) -> list[Any]:
    by = system("timebank", town.community.id)
    return race(*[(by, lambda: take_back_service(by=by, community_id=town.community.id, record_id=record))] * PARALLEL)


def test_twenty_hands_take_one_service_back_once(town: People) -> None:
    by, mine, _ = _rich(town)
    with acting(by):
        record = _earned(by)
    # More is stored, so that taking it back twice would not fail for want of minutes.
    served(town, town.lin, 600, key="2")
    results = _taken_back(town, record)
    assert failures(results) == []
    assert sorted(results) == [(0, 0)] * (PARALLEL - 1) + [(1, 0)]
    with acting(by):
        assert BankAccount.objects.get(pk=mine.pk).balance == 600
        assert BankEntry.objects.filter(kind="reverse").count() == 1


def test_without_the_constraints_it_would_be_taken_back_many_times(town: People) -> None:
    by, mine, _ = _rich(town)
    with acting(by):
        record = _earned(by)
    served(town, town.lin, 600, key="2")
    with as_owner() as cursor:
        for name in ("reversed_once", "entry_once"):
            cursor.execute(f"ALTER TABLE volunteers_bank_entry DROP CONSTRAINT volunteers_bank_{name}")
    results = _taken_back(town, record)
    with acting(by):
        assert BankEntry.objects.filter(kind="reverse").count() > 1
        assert BankAccount.objects.get(pk=mine.pk).balance < 600
    assert sum(done for done, _ in results) > 1


def _gifts_while_merging(town: People, chen: Viewer) -> tuple[Viewer, list[Any], UUID]:
    """Lin's nineteen gifts of ten minutes to the second record of 周航 while Chen merges it into the first."""
    by, mine, _ = _rich(town, 200)
    with acting(by):
        twin = Person.objects.create(community_id=town.community.id, name="周航").pk
        old = bank.open_account(by=by, community_id=town.community.id, person_id=twin)
    gifts = [(by, lambda key=str(key): bank.give(by=by, from_id=mine.pk, to_id=old.pk, minutes=10, words="谢谢",
                                                 key=key)) for key in range(PARALLEL - 1)]
    merge = (chen, lambda: merge_people(by=chen, keep=town.zhou, merge=twin, reason="同一个人"))
    return by, race(merge, *gifts), old.pk


def _late(by: Viewer, town: People, old: UUID) -> None:
    """A gift whose giver had chosen the account before it was merged."""
    with acting(by):
        bank.give(by=by, from_id=BankAccount.objects.get(person=town.lin).pk, to_id=old, minutes=1, words="晚到",
                  key="late")


def test_nothing_is_left_in_an_account_that_is_merged_while_others_give(town: People, chen: Viewer) -> None:
    by, results, old = _gifts_while_merging(town, chen)
    refused = [getattr(one, "code", one) for one in failures(results)]
    assert set(refused) <= {"volunteers_bank_still_there"}
    with pytest.raises(RuleBroken, match="刚刚合并过"):
        _late(by, town, old)
    with acting(by):
        assert BankAccount.objects.get(pk=old).balance == 0
        kept = BankAccount.objects.filter(person=town.zhou).first()
        assert (kept.balance if kept else 0) == 10 * (PARALLEL - 1 - len(refused))


def test_without_the_trigger_minutes_would_stay_with_the_merged_record(town: People, chen: Viewer) -> None:
    with as_owner() as cursor:
        cursor.execute("DROP TRIGGER volunteers_bank_still_there ON volunteers_bank_posting")
    by, _, old = _gifts_while_merging(town, chen)
    _late(by, town, old)
    with acting(by):
        assert BankAccount.objects.get(pk=old).balance > 0
