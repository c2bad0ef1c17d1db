"""Writing and correcting: once, whole, never changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fuhui.registry.ledger.actions import Served, ServedBy, reverse_service
from fuhui.registry.ledger.models import PersonDay, ServicePart, ServiceRecord
from fuhui.registry.ledger.tests.conftest import People, Write
from fuhui.registry.people.actions import merge_people
from fuhui.registry.people.models import Person
from fuhui.shared.audit.models import Entry
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import make_account, moment

pytestmark = pytest.mark.django_db


def test_a_visit_sent_twice_is_in_the_book_once(write: Write, people: People, inside: Viewer) -> None:
    first = write(key="visit-1", served=[Served(person=people.wang), Served(heads=3)], brands=["福惠彩虹", "送健康"])
    again = write(key="visit-1", served=[Served(heads=3), Served(person=people.wang)], brands=["送健康", "福惠彩虹 "])
    assert again.id == first.id
    assert ServiceRecord.objects.count() == 1
    assert ServicePart.objects.count() == 3
    assert Entry.objects.filter(action="ledger.write").count() == 1


@pytest.mark.parametrize("change", [
    {"minutes": 61}, {"title": "量血糖"}, {"kind": "health.disabled"}, {"place": "3号楼"}, {"brands": ["另一个"]},
    {"occurred_at": moment("2026-03-02 10:30")}, {"served": [Served(heads=1)]},
])
def test_the_same_key_with_other_content_is_refused(write: Write, change: dict[str, Any]) -> None:
    write(key="visit-1")
    with pytest.raises(RuleBroken, match="先冲正") as refused:
        write(key="visit-1", **change)
    assert refused.value.code == "other_content"


@pytest.mark.parametrize(("change", "field"), [
    ({"minutes": 0}, "minutes"), ({"minutes": 1441}, "minutes"), ({"minutes": -5}, "minutes"),
    ({"title": "  "}, "title"), ({"title": "长" * 101}, "title"), ({"title": "a\x00b"}, "title"),
    ({"kind": "magic"}, "kind"), ({"served_by": []}, "served_by"), ({"served_by": [ServedBy()]}, "served_by"),
    ({"served": [Served(heads=0)]}, "served"), ({"served": [Served(heads=10**6)]}, "served"),
    ({"served": [Served(heads=1), Served(heads=2)]}, "served"), ({"key": " "}, "key"), ({"source": "s" * 41}, "key"),
    ({"place": "长" * 101}, "place"), ({"brands": ["长" * 41]}, "brands"),
])
def test_what_cannot_be_is_refused_with_its_field(write: Write, change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        write(**change)
    assert refused.value.details["field"] == field
    assert ServiceRecord.objects.count() == 0


def test_a_service_of_tomorrow_is_refused_and_a_fast_clock_is_not(write: Write) -> None:
    with pytest.raises(BadInput, match="还没有到"):
        write(occurred_at=timezone.now() + timedelta(days=1))
    write(occurred_at=timezone.now() + timedelta(minutes=5))


def test_nobody_serves_more_than_a_day_in_a_day(write: Write, people: People, inside: Viewer) -> None:
    write(minutes=1000)
    write(minutes=440, occurred_at=moment("2026-03-02 23:59"))
    with pytest.raises(RuleBroken, match="超过了 24 小时"):
        write(minutes=1)
    write(minutes=1, occurred_at=moment("2026-03-03 00:00"))
    totals = dict(PersonDay.objects.filter(who=people.lin).values_list("day", "minutes"))
    assert totals == {moment("2026-03-02 09:30").date(): 1440, moment("2026-03-03 09:30").date(): 1}


def test_a_worker_and_a_team_serve_too(write: Write, people: People, zhao: Viewer, inside: Viewer) -> None:
    row = write(served_by=[ServedBy(account=zhao.account_id, minutes=30), ServedBy(organisation=people.team, heads=8)])
    parts = {part.account_id or part.organisation_id: part for part in row.parts.all()}
    assert parts[zhao.account_id].minutes == 30
    assert (parts[people.team].heads, parts[people.team].minutes) == (8, 60)


def test_a_reversal_mirrors_and_happens_once(write: Write, people: People, chen: Viewer, inside: Viewer) -> None:
    row = write(key="visit-1", served=[Served(household=people.home, heads=2)])
    reversal = reverse_service(by=chen, community=people.community.id, source=row.source, key=row.key, reason="写错了")
    assert (reversal.sign, reversal.reverses_id, reversal.day) == (-1, row.id, row.day)
    assert sorted(ServicePart.objects.values_list("side", "heads", "minutes")) == [
        ("gave", -1, -60), ("gave", 1, 60), ("got", -2, 0), ("got", 2, 0)]
    assert PersonDay.objects.get(who=people.lin).minutes == 0
    with pytest.raises(RuleBroken, match="已经冲正过"):
        reverse_service(by=chen, community=people.community.id, source=row.source, key=row.key, reason="再来一次")
    with pytest.raises(BadInput, match="为什么"):
        reverse_service(by=chen, community=people.community.id, source=row.source, key=row.key, reason=" ")
    with pytest.raises(NotFound):
        reverse_service(by=chen, community=people.community.id, source=row.source, key="none", reason="没有这条")


def test_nobody_of_another_community_gets_in(write: Write, people: People, outsider: Viewer, chen: Viewer) -> None:
    there = outsider.communities[0]
    with acting(outsider):
        stranger = Person.objects.create(community_id=there, name="外人").pk
    for change in ({"served_by": [ServedBy(person=stranger)]}, {"served": [Served(person=stranger)]},
                   {"organiser": stranger}, {"grid": stranger}, {"evidence": [stranger]},
                   {"served": [Served(household=stranger)]}, {"served_by": [ServedBy(account=outsider.account_id)]}):
        with pytest.raises(BadInput, match="重新"):
            write(**change)
    with pytest.raises(NotFound):
        write(community=there)


def test_the_database_itself_refuses_a_stranger(write: Write, people: People, outsider: Viewer) -> None:
    row = write()
    with acting(outsider):
        stranger = Person.objects.create(community_id=outsider.communities[0], name="外人").pk
    both = system("tests", row.community_id, outsider.communities[0])
    with acting(both):
        connection.check_constraints()

    @transaction.atomic
    def add() -> None:
        ServicePart.objects.create(community_id=row.community_id, record=row, side="got", person_id=stranger, heads=1,
                                   day=row.day, sign=1)
        connection.check_constraints()

    with acting(both), pytest.raises(IntegrityError, match="ledger_part_person_id_tenant"):
        add()


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_record SET minutes = 5", "DELETE FROM ledger_part", "UPDATE ledger_part SET heads = 9",
    "DELETE FROM ledger_record", "TRUNCATE ledger_evidence", "UPDATE ledger_kind SET name = 'x'",
    "DELETE FROM ledger_catalogue", "UPDATE ledger_person_day SET minutes = 0", "DELETE FROM ledger_person_day",
])
def test_what_is_written_stays(write: Write, inside: Viewer, statement: str) -> None:
    write(served=[Served(heads=2)])
    with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic(), \
            connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_person_merged_later_is_written_as_the_one_kept(
    write: Write, people: People, chen: Viewer, inside: Viewer
) -> None:
    merge_people(by=chen, keep=people.wang, merge=people.li, reason="同一个人")
    row = write(served=[Served(person=people.li)])
    assert row.parts.get(side="got").person_id == people.wang
    with pytest.raises(BadInput, match="合并成一个人"):
        write(served=[Served(person=people.li), Served(person=people.wang)])


def test_a_served_resident_keeps_the_household_of_that_day(write: Write, people: People, inside: Viewer) -> None:
    row = write(served=[Served(person=people.wang)])
    Person.objects.filter(pk=people.wang).update(household=people.alone)
    assert row.parts.get(side="got").household_id == people.home


def test_an_account_of_nobody_here_cannot_serve(write: Write, people: People) -> None:
    stranger = make_account("nobody", "没有角色", Role.OPERATOR)
    with pytest.raises(BadInput, match="不是本社区"):
        write(served_by=[ServedBy(account=stranger.account_id)])
