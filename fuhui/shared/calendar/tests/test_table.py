from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, connections, transaction

from fuhui.shared.calendar import queries
from fuhui.shared.calendar.actions import publish_year, set_day, set_days
from fuhui.shared.calendar.queries import days_of_year, load_calendar, source_of_year, warnings_for
from fuhui.shared.errors import BadInput, NotAllowed
from fuhui.shared.identifiers import new_id
from fuhui.shared.jobs.tests.support import viewer_as
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def fang(db: None) -> Iterator[Viewer]:
    queries.forget_calendar()
    with acting(viewer_as(Role.OPERATOR, new_id())) as viewer:
        yield viewer
    queries.forget_calendar()


def test_the_table_comes_with_every_published_year(fang: Viewer) -> None:
    calendar = load_calendar()
    assert {2004, 2025, 2026} <= calendar.published_years
    assert calendar.is_working(date(2026, 2, 14))
    assert not calendar.is_working(date(2026, 1, 1))
    assert calendar.names[date(2026, 1, 1)] == "元旦"
    assert all(row.is_working == (row.date.weekday() > 4) for row in days_of_year(2026))


def test_fang_enters_next_years_holiday_and_it_counts_at_once(fang: Viewer) -> None:
    assert set_days(by=fang, first=date(2027, 1, 1), last=date(2027, 1, 3), is_working=False, name="元旦") == 1
    assert set_day(by=fang, day=date(2027, 1, 9), is_working=True, name="元旦")
    publish_year(by=fang, year=2027, source="国办发明电〔2026〕1号")
    calendar = load_calendar()
    assert [calendar.is_working(date(2027, 1, day)) for day in (1, 2, 4, 9)] == [False, False, True, True]
    assert 2027 in calendar.published_years
    assert source_of_year(2027) == "国办发明电〔2026〕1号"
    assert not set_day(by=fang, day=date(2027, 1, 9), is_working=False)
    assert not load_calendar().is_working(date(2027, 1, 9))
    assert len(days_of_year(2027)) == 1


def test_zhao_and_chen_do_not_edit_the_national_table(fang: Viewer) -> None:
    for role in (Role.GRID_WORKER, Role.SECRETARY):
        one = viewer_as(role, fang.communities[0])
        with pytest.raises(NotAllowed, match="系统管理员"):
            set_day(by=one, day=date(2027, 1, 1), is_working=False)
        with pytest.raises(NotAllowed):
            publish_year(by=one, year=2027)


def test_days_that_make_no_sense_are_refused(fang: Viewer) -> None:
    for first, last in ((date(2027, 2, 2), date(2027, 2, 1)), (date(1990, 1, 1), date(1990, 1, 1)),
                        (date(2027, 1, 1), date(2027, 2, 1))):
        with pytest.raises(BadInput):
            set_days(by=fang, first=first, last=last, is_working=False)
    for year in (0, 1999, 2200, 99_999):
        with pytest.raises(BadInput):
            publish_year(by=fang, year=year)


def test_every_change_is_in_the_audit(fang: Viewer) -> None:
    set_day(by=fang, day=date(2027, 1, 1), is_working=False, name="元旦")
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id, data->>'name' FROM audit_entry WHERE action = 'calendar.set_days'"
                       " AND actor = %s", [fang.actor])
        assert cursor.fetchall() == [("2027-01-01~2027-01-01", "元旦")]


def test_from_october_on_a_missing_next_year_is_told(fang: Viewer) -> None:
    assert warnings_for(datetime(2026, 9, 30, tzinfo=SHANGHAI)) == []
    assert warnings_for(datetime(2026, 10, 1, tzinfo=SHANGHAI))[0].startswith("2027年放假安排未录入")
    assert len(warnings_for(datetime(2027, 10, 1, tzinfo=SHANGHAI))) == 2
    publish_year(by=fang, year=2027)
    assert warnings_for(datetime(2026, 10, 1, tzinfo=SHANGHAI)) == []


def test_another_processs_change_is_noticed_within_seconds(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries.forget_calendar()
    before = load_calendar()
    with connections["owner"].cursor() as elsewhere:
        elsewhere.execute("INSERT INTO calendar_day VALUES ('2027-03-01', false, '植树', '')")
    assert load_calendar() is before
    monkeypatch.setattr(queries, "LOOK_EVERY_SECONDS", 0.0)
    after = load_calendar()
    assert not after.is_working(date(2027, 3, 1))
    assert load_calendar() is after
    queries.forget_calendar()


def test_a_change_taken_back_is_forgotten(fresh_database: str) -> None:
    queries.forget_calendar()
    fang = viewer_as(Role.OPERATOR, new_id())
    with acting(fang), transaction.atomic():
        set_day(by=fang, day=date(2027, 3, 1), is_working=False)
        assert not load_calendar().is_working(date(2027, 3, 1))
        transaction.set_rollback(True)
    queries.forget_calendar()
    assert load_calendar().is_working(date(2027, 3, 1))


@pytest.mark.django_db
def test_the_version_is_the_databases_own() -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute("UPDATE calendar_version SET stamp = gen_random_uuid()")
