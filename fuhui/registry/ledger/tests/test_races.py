"""What must never break holds when twenty press at once; each control shows that the race is real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from fuhui.registry.ledger.actions import Served, ServedBy, reverse_service
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.ledger.tests.conftest import People, service, writer
from fuhui.shared.errors import RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import make_account
from tests.racing import as_owner, count, failures, race

PARALLEL = 20


@pytest.fixture
def chen(town: People) -> Viewer:
    """Chen the secretary, committed."""
    return make_account("chen", "陈静", Role.SECRETARY, town.community)


def _records(by: Viewer) -> int:
    with acting(by):
        return ServiceRecord.objects.count()


def test_one_visit_sent_twenty_times_is_one_record(town: People, chen: Viewer) -> None:
    write = writer(chen, town)
    results = race(*[(chen, lambda: write(key="one", served=[Served(heads=4)]))] * PARALLEL)
    assert not failures(results), failures(results)
    assert len({row.id for row in results}) == 1
    assert _records(chen) == 1
    with acting(chen):
        assert ServicePart.objects.count() == 2


def test_one_key_with_two_contents_keeps_one_and_says_so(town: People, chen: Viewer) -> None:
    write = writer(chen, town)
    results = race(*[(chen, lambda place=place: write(key="one", minutes=30 + place % 2)) for place in range(PARALLEL)])
    refused = failures(results)
    assert len(refused) == PARALLEL // 2, refused
    assert {getattr(one, "code", one) for one in refused} == {"other_content"}
    assert _records(chen) == 1


def test_without_the_constraint_one_visit_would_be_written_twice(town: People, chen: Viewer) -> None:
    writer(chen, town)(key="zero")
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE ledger_record DROP CONSTRAINT ledger_record_once")
    write = writer(chen, town)
    race(*[(chen, lambda: write(key="one"))] * PARALLEL)
    assert _records(chen) > 2


def _reverse(town: People, chen: Viewer, key: str) -> Callable[[], Any]:
    return lambda: reverse_service(by=chen, community=town.community.id, source="tests.visit", key=key, reason="写错了")


def test_twenty_reversals_at_once_make_one(town: People, chen: Viewer) -> None:
    writer(chen, town)(key="one")
    refused = failures(race(*[(chen, _reverse(town, chen, "one"))] * PARALLEL))
    assert [getattr(one, "code", one) for one in refused] == ["reversed"] * (PARALLEL - 1)
    assert _records(chen) == 2


def test_without_the_constraints_a_record_would_be_reversed_twice(town: People, chen: Viewer) -> None:
    writer(chen, town)(key="one", minutes=1)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE ledger_record DROP CONSTRAINT ledger_record_once")
        cursor.execute("DROP INDEX ledger_record_reversed_once")
        cursor.execute("ALTER TABLE ledger_person_day DROP CONSTRAINT ledger_person_day_limit")
        cursor.execute("DROP TRIGGER ledger_record_whole ON ledger_record")
    race(*[(chen, _reverse(town, chen, "one"))] * PARALLEL)
    assert _records(chen) > 2


def test_a_day_has_twenty_four_hours_for_twenty_writers_too(town: People, chen: Viewer) -> None:
    write = writer(chen, town)
    results = race(*[(chen, lambda: write(minutes=240))] * PARALLEL)
    refused = failures(results)
    assert [getattr(one, "code", one) for one in refused] == ["ledger_person_day_limit"] * (PARALLEL - 6)
    assert _records(chen) == 6
    with acting(chen):
        assert count("SELECT minutes FROM ledger_person_day WHERE who = %s", town.lin) == 1440


def test_without_the_limit_somebody_would_serve_eighty_hours_in_a_day(town: People, chen: Viewer) -> None:
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE ledger_person_day DROP CONSTRAINT ledger_person_day_limit")
    write = writer(chen, town)
    assert not failures(race(*[(chen, lambda: write(minutes=240))] * PARALLEL))
    with acting(chen):
        assert count("SELECT minutes FROM ledger_person_day WHERE who = %s", town.lin) == 240 * PARALLEL


def test_two_crews_written_in_two_orders_do_not_lock_each_other_out(town: People, chen: Viewer) -> None:
    write = writer(chen, town)
    crew = [ServedBy(person=town.lin), ServedBy(person=town.zhou), ServedBy(person=town.wang)]
    works = [(chen, lambda order=order: write(minutes=5, served_by=order)) for order in (crew, crew[::-1])] * 10
    assert not failures(race(*works))
    assert _records(chen) == PARALLEL


def test_a_sealed_record_gains_no_parts(town: People, chen: Viewer) -> None:
    row = writer(chen, town)()
    late = {"community_id": row.community_id, "record_id": row.id, "side": "got", "heads": 50, "day": row.day}
    with acting(chen):
        with pytest.raises(IntegrityError, match="gains no parts"):
            ServicePart.objects.create(**late, sign=1)
        with as_owner() as cursor:
            cursor.execute("DROP TRIGGER ledger_part_of_its_record ON ledger_part")
        ServicePart.objects.create(**late, sign=1)
        assert ServicePart.objects.filter(record=row).count() == 2


def test_a_reversal_cannot_be_reversed_even_by_hand(town: People, chen: Viewer) -> None:
    row = writer(chen, town)(key="one")
    with acting(chen):
        reversal = _reverse(town, chen, "one")()
        again = "INSERT INTO ledger_record (id, community_id, source, key, digest, kind_id, kind_code, title, place," \
                " brands, occurred_at, day, minutes, sign, reverses_id, reason, recorded_by, recorded_by_name," \
                " got_heads, got_named, got_homes, got_unnamed, gave_heads, gave_named, gave_minutes)" \
                " SELECT gen_random_uuid(), community_id, source, 'two', digest, kind_id, kind_code, title, place," \
                " brands, occurred_at, day, minutes, -1, id, '再冲正', recorded_by, ''," \
                " 0, 0, 0, 0, 0, 0, 0 FROM ledger_record WHERE id = %s"
        with pytest.raises(IntegrityError, match="ledger_record_reverses_a_record"), transaction.atomic(), \
                connection.cursor() as cursor:
            cursor.execute(again, [reversal.id])
        with pytest.raises(IntegrityError, match="anybody who served"), transaction.atomic(), \
                connection.cursor() as cursor:
            cursor.execute(again.replace("-1, id, '再冲正'", "1, NULL, ''"), [row.id])


def test_a_reversal_that_takes_back_only_half_is_refused(town: People, chen: Viewer) -> None:
    row = writer(chen, town)(key="one", served=[Served(heads=4)])

    @transaction.atomic
    def reverse_half() -> None:
        half = ServiceRecord.objects.create(
            community_id=row.community_id, source=row.source, key=row.key, digest=row.digest, kind_id=row.kind_id,
            kind_code=row.kind_code, title=row.title, brands=[], occurred_at=row.occurred_at, day=row.day,
            minutes=row.minutes, sign=-1, reverses=row, reason="一半", recorded_by="x", gave_heads=-1, gave_named=-1,
                gave_minutes=-60)
        ServicePart.objects.create(community_id=row.community_id, record=half, side="gave", person_id=town.lin,
                                   heads=-1, minutes=-60, day=row.day, sign=-1)

    with acting(chen), pytest.raises(IntegrityError, match="mirror"):
        reverse_half()


def test_a_rolled_back_room_takes_its_record_with_it(town: People, chen: Viewer) -> None:
    class Failed(Exception):
        pass

    def room() -> None:
        with transaction.atomic():
            from fuhui.registry.ledger.actions import write_service

            write_service(by=chen, **service(town))
            raise Failed

    with acting(chen), pytest.raises(Failed):
        room()
    assert _records(chen) == 0


def test_the_words_of_a_refusal_are_for_people(town: People, chen: Viewer) -> None:
    write = writer(chen, town)
    write(minutes=1440)
    with pytest.raises(RuleBroken, match="核对时长"):
        write(minutes=1)
