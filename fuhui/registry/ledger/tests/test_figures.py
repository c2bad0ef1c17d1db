"""Three counts are kept apart, and every figure opens as exactly the records it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from fuhui.registry.ledger.actions import Served, ServedBy, ServiceRecord, reverse_service
from fuhui.registry.ledger.models import ServicePart
from fuhui.registry.ledger.queries import figures as book
from fuhui.registry.ledger.queries.persons import household_services, person_minutes, services_of_person
from fuhui.registry.ledger.queries.records import record_for, records_for
from fuhui.registry.ledger.registry import all_figures, all_rows
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.registry.ledger.tests.conftest import People, Write
from fuhui.registry.people.actions import merge_people
from fuhui.shared.errors import BadInput, NotAllowed, NotFound
from fuhui.shared.viewers import Role, Viewer
from tests.personas import make_account, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def march(write: Write, people: People, inside: Viewer, chen: Viewer, zhao: Viewer) -> Ask:
    """A month: two visits, a lecture, a clean-up without anybody served, a gift per household, and a mistake."""
    write(served=[Served(person=people.wang)], brands=["福惠彩虹"], grid=people.community.grids[3])
    write(served=[Served(person=people.wang)], occurred_at=moment("2026-03-09 09:30"), brands=["福惠彩虹", "送健康"],
          served_by=[ServedBy(person=people.lin, minutes=30), ServedBy(account=zhao.account_id)])
    write(kind="health.all", title="健康讲座", organiser=people.hospital, place="活动室", minutes=90,
          served_by=[ServedBy(organisation=people.hospital, heads=3)],
          served=[Served(person=people.wang), Served(person=people.zhang), Served(heads=40)])
    write(kind="clean.all", title="清理楼道", organiser=people.team, minutes=120,
          served_by=[ServedBy(person=people.lin), ServedBy(person=people.zhou)])
    write(kind="warmth.hardship", title="送米面", served=[Served(household=people.home, heads=2)],
          served_by=[ServedBy(account=zhao.account_id)], source="tests.gift")
    wrong = write(kind="warmth.hardship", title="记错的", served=[Served(person=people.li), Served(heads=100)],
                  served_by=[ServedBy(person=people.zhang)])
    reverse_service(by=chen, community=people.community.id, source=wrong.source, key=wrong.key, reason="没有这回事")
    write(title="四月的", occurred_at=moment("2026-04-01 00:00"), served=[Served(heads=7)])
    return Ask(community=people.community.id, since=date(2026, 3, 1), until=date(2026, 3, 31))


def _values(viewer: Viewer, ask: Ask) -> dict[str, int]:
    return {one.definition.code: one.value for one in book.figures(viewer, ask)}


def test_the_figures_of_a_month(march: Ask, chen: Viewer) -> None:
    assert _values(chen, march) == {
        "sessions": 5,
        "attendances": 1 + 1 + 42 + 2,
        "persons": 2,  # 王阿姨 three times, 张伯
        "households": 2,
        "unnamed": 40,
        "servings": 1 + 2 + 3 + 2 + 1,
        "servers": 3,  # 小林, 小周, 赵敏; 张伯's was a mistake
        "minutes": 60 + (30 + 60) + 3 * 90 + 2 * 120 + 60,
    }


def _narrowings(people: People) -> Iterable[dict[str, Any]]:
    yield from ({}, {"kind": "health.empty_nest"}, {"send": "health"}, {"help": "hardship"}, {"brand": "福惠彩虹"})
    yield from ({"organiser": people.hospital}, {"grid": people.community.grids[3]}, {"place": "活动"})
    yield from ({"source": "tests.gift"}, {"brand": "没有"}, {"as_of": timezone.now()}, {"since": date(2026, 1, 1)})


def test_every_figure_opens_as_exactly_its_records(march: Ask, chen: Viewer, people: People) -> None:
    for narrowing in _narrowings(people):
        ask = replace(march, **narrowing)
        found = all_figures(chen, ask)
        assert len(found) >= 8
        for room, figure in found:
            rows = all_rows(chen, ask, room, figure.definition.code)
            assert len(rows) == figure.records, (narrowing, figure)
            assert len({row["id"] for row in rows}) == len(rows)


def test_every_figure_can_be_counted_again_from_its_list(march: Ask, chen: Viewer, people: People) -> None:
    for narrowing in _narrowings(people):
        ask = replace(march, **narrowing)
        assert _values(chen, ask) == {one.definition.code: _recount(chen, ask, one.definition.code)
                                      for one in book.figures(chen, ask)}, narrowing


def _recount(viewer: Viewer, ask: Ask, code: str) -> int:
    records = book.records_behind(viewer, ask, code, limit=500).records
    parts = [part for one in records for part in ServicePart.objects.filter(record=one)]
    got = [part for part in parts if part.side == "got"]
    gave = [part for part in parts if part.side == "gave"]
    recounted: dict[str, int] = {
        "sessions": len(records),
        "attendances": sum(part.heads for part in got),
        "persons": len({part.person_id for part in got} - {None}),
        "households": len({part.household_id for part in got} - {None}),
        "unnamed": sum(part.heads for part in got if not part.person_id and not part.household_id),
        "servings": sum(part.heads for part in gave),
        "servers": len({part.person_id or part.account_id for part in gave} - {None}),
        "minutes": sum(part.heads * part.minutes for part in gave),
    }
    return recounted[code]


def test_pages_of_a_list_neither_lose_nor_repeat(march: Ask, chen: Viewer) -> None:
    seen: list[ServiceRecord] = []
    after = ""
    while True:
        page = book.records_behind(chen, march, "sessions", after=after, limit=2)
        seen += page.records
        if not page.after:
            break
        after = page.after
    assert len(seen) == len({one.pk for one in seen}) == 5
    assert [one.day for one in seen] == sorted((one.day for one in seen), reverse=True)
    for cursor in ("x", "20260302", "2026030a", "99999999" + "0" * 36):
        with pytest.raises(BadInput, match="第一页"):
            book.records_behind(chen, march, "sessions", after=cursor)


def test_a_merged_neighbour_is_one_person(march: Ask, chen: Viewer, people: People) -> None:
    merge_people(by=chen, keep=people.zhang, merge=people.wang, reason="同一个人")
    values = _values(chen, march)
    assert (values["persons"], values["attendances"]) == (1, 46)


def test_the_book_as_it_stood(march: Ask, chen: Viewer) -> None:
    first = records_for(chen).order_by("pk")[0]
    assert _values(chen, replace(march, as_of=first.recorded_at.replace(year=2020)))["sessions"] == 0


def test_breakdowns_add_up(march: Ask, chen: Viewer) -> None:
    for by in ("kind", "send", "help", "organiser", "grid", "place", "source", "month"):
        rows = book.breakdown(chen, march, by)
        assert sum(row["sessions"] for row in rows) == 5, by
        assert sum(row["attendances"] for row in rows) == 46, by
    assert [(row["name"], row["sessions"]) for row in book.breakdown(chen, march, "brand")] == [
        ("福惠彩虹", 2), ("送健康", 1)]
    with pytest.raises(NotFound):
        book.breakdown(chen, march, "zodiac")


def test_hours_of_a_person_are_the_minutes_of_their_records(march: Ask, people: People, chen: Viewer) -> None:
    minutes = person_minutes(chen, march.community, people.lin, since=march.since, until=march.until)
    records = services_of_person(chen, march.community, people.lin).filter(day__lte=march.until)
    parts = ServicePart.objects.filter(record__in=records, person=people.lin, side="gave")
    assert minutes == sum(part.minutes for part in parts) == 60 + 30 + 120
    assert person_minutes(chen, march.community, people.zhang) == 0
    assert household_services(chen, march.community, people.home).count() == 4


def test_a_volunteer_sees_their_own_services_and_no_others(march: Ask, people: People) -> None:
    lin = make_account("lin", "林晓", Role.VOLUNTEER, people.community)
    lin = replace(lin, person_id=people.lin)
    own = set(records_for(lin).values_list("title", flat=True))
    assert own == {"上门量血压", "清理楼道", "四月的"}
    assert person_minutes(lin, march.community, people.lin) == 270
    assert person_minutes(lin, march.community, people.zhou) == 0
    with pytest.raises(NotAllowed):
        book.figures(lin, march)
    with pytest.raises(NotAllowed):
        book.records_behind(lin, march, "sessions")


def test_the_neighbouring_community_sees_nothing(march: Ask, chen: Viewer, outsider: Viewer) -> None:
    one = records_for(chen)[0]
    with pytest.raises(NotFound):
        book.figures(outsider, march)
    with pytest.raises(NotFound):
        record_for(outsider, one.pk)
