"""What a community does otherwise than the country: its own rows, its own clocks, nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.test import Client

from fuhui.domains.cases.actions.intake import CaseInput, submit_case
from fuhui.shared.calendar import queries
from fuhui.shared.calendar.actions import drop_own_day, set_days, set_own_days
from fuhui.shared.calendar.models import OwnDay
from fuhui.shared.calendar.queries import load_calendar, own_days_of
from fuhui.shared.calendar.rules import USUAL_PERIODS, ZONE, reckon_days
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import REGIONS, Place, make_account, make_community
from tests.racing import as_owner, failures, race

TUESDAY, SATURDAY = date(2026, 3, 10), date(2026, 3, 14)


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    queries.forget_calendar()
    yield
    queries.forget_calendar()


def close(by: Viewer, place: Place, day: date = TUESDAY, why: str = "停电检修", *, works: bool = False) -> int:
    with acting(by):
        return set_own_days(by=by, community_id=place.id, first=day, last=day, is_working=works, name=why)


@pytest.mark.django_db
def test_chen_closes_a_day_and_only_her_community_is_closed(community: Place, neighbour: Place, chen: Viewer) -> None:
    assert close(chen, community) == 1
    assert close(chen, community, SATURDAY, "周六补班", works=True) == 1
    with acting(system("tests", community.id, neighbour.id)):
        own, theirs = load_calendar(community.id), load_calendar(neighbour.id)
        assert (own.is_working(TUESDAY), own.is_working(SATURDAY)) == (False, True)
        assert (theirs.is_working(TUESDAY), theirs.is_working(SATURDAY)) == (True, False)
        assert load_calendar().is_working(TUESDAY)
    with acting(chen):
        drop_own_day(by=chen, community_id=community.id, day=TUESDAY)
        assert load_calendar(community.id).is_working(TUESDAY)
        with pytest.raises(NotFound):
            drop_own_day(by=chen, community_id=community.id, day=TUESDAY)


@pytest.mark.django_db
def test_the_explanation_of_a_deadline_names_the_closed_and_the_made_up_day(community: Place, chen: Viewer) -> None:
    close(chen, community)
    close(chen, community, SATURDAY, "周六补班", works=True)
    received = datetime(2026, 3, 9, 9, tzinfo=ZONE)
    with acting(chen):
        found = reckon_days(received, 4, calendar=load_calendar(community.id), periods=USUAL_PERIODS)
    told = [stretch.why_zh for stretch in found.timeline]
    assert "3月10日 周二 本社区另定不上班，不计（停电检修）" in told
    assert "3月14日 周六 本社区另定上班（周六补班），第 4 个工作日" in told
    assert found.due == datetime(2026, 3, 14, 17, 30, tzinfo=ZONE)


@pytest.mark.django_db
def test_the_clock_of_a_case_runs_by_the_communitys_own_days(community: Place, neighbour: Place, chen: Viewer) -> None:
    close(chen, community)
    matter = CaseInput(text="3号楼2单元楼道灯不亮", source="phone", received_at=datetime(2026, 3, 9, 17, tzinfo=ZONE))
    dates = {}
    for place in (community, neighbour):
        with acting(system("tests", place.id)) as by:
            dates[place.id] = submit_case(by=by, community_id=place.id, matter=matter).case
    own, theirs = dates[community.id], dates[neighbour.id]
    assert own.close_due_at > theirs.close_due_at
    assert "停电检修" in str(own.reckoning)
    assert "停电检修" not in str(theirs.reckoning)


@pytest.mark.django_db
def test_the_national_table_is_the_operators_and_own_days_are_the_secretarys(
    community: Place, neighbour: Place, chen: Viewer, sun: Viewer
) -> None:
    with acting(chen), pytest.raises(NotAllowed, match="系统管理员"):
        set_days(by=chen, first=TUESDAY, last=TUESDAY, is_working=False)
    with pytest.raises(NotAllowed, match="社区书记"):
        close(sun, community)
    with pytest.raises(NotFound):
        close(chen, neighbour)
    with pytest.raises(BadInput, match="原因"):
        close(chen, community, why=" ")
    assert close(chen, community, SATURDAY, "周末") == 0  # as the country does


@pytest.mark.django_db
def test_the_second_wall_keeps_own_days_apart(community: Place, chen: Viewer, outsider: Viewer) -> None:
    close(chen, community)
    with acting(outsider):
        assert OwnDay.objects.count() == 0
        assert own_days_of(outsider, community.id, 2026) == []
        assert load_calendar(community.id).is_working(TUESDAY)  # sees nothing, and keeps nothing of it
    with acting(chen):
        assert not load_calendar(community.id).is_working(TUESDAY)


@pytest.mark.django_db
def test_chen_enters_and_takes_back_a_day_on_the_page(
    community: Place, neighbour: Place, chen: Viewer, sun: Viewer, signed_in: object
) -> None:
    browser: Client = signed_in(chen)  # type: ignore[operator]
    page = browser.get("/calendar/?year=2026").content.decode()
    assert "录入本社区的安排" in page
    assert "录入全国放假或调休" not in page
    sent = {"first": "2026-03-10", "kind": "off", "name": ""}
    wrong = browser.post("/calendar/own", sent)
    assert (wrong.status_code, "请写明原因" in wrong.content.decode()) == (422, True)
    assert 'value="2026-03-10"' in wrong.content.decode()
    assert browser.post("/calendar/own", sent | {"name": "停电检修"}).status_code == 302
    assert "停电检修" in browser.get("/calendar/?year=2026").content.decode()
    seen: Client = signed_in(sun)  # type: ignore[operator]
    read = seen.get("/calendar/?year=2026").content.decode()
    assert ("停电检修" in read, "撤销" in read) == (True, False)
    assert seen.post("/calendar/own", sent | {"name": "x"}).status_code == 403
    assert browser.get(f"/calendar/?community={neighbour.id}").status_code == 404
    assert browser.get("/calendar/?community=x").status_code == 404
    assert browser.post("/calendar/own/drop", {"day": "2026-03-10"}).status_code == 302
    assert "停电检修" not in browser.get("/calendar/?year=2026").content.decode()


@pytest.fixture
def town(fresh_database: str) -> Place:
    """福惠社区 in a database of its own, committed."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return make_community("370611001038", "福惠社区")


def twenty_at_once(place: Place) -> list[object]:
    by = make_account("chen", "陈静", Role.SECRETARY, place)

    def enter() -> int:
        return set_own_days(by=by, community_id=place.id, first=TUESDAY, last=TUESDAY, is_working=False, name="停电")

    return race(*[(by, enter)] * 20)


def rows_of(place: Place) -> int:
    with acting(system("tests", place.id)):
        return OwnDay.objects.filter(date=TUESDAY).count()


def test_twenty_who_enter_a_day_at_once_make_one_row(town: Place) -> None:
    assert [error for error in failures(twenty_at_once(town)) if not isinstance(error, RuleBroken)] == []
    assert rows_of(town) == 1


def test_without_its_turn_and_the_unique_key_there_would_be_several(
    town: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fuhui.shared.calendar.actions.take_turn", lambda *_: None)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE calendar_own_day DROP CONSTRAINT calendar_own_day_once")
    twenty_at_once(town)
    assert rows_of(town) > 1
