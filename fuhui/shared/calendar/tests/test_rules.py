from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuhui.shared.calendar.rules import (
    USUAL_PERIODS,
    ZONE,
    Pause,
    Reckoning,
    WorkCalendar,
    minutes_between,
    reckon,
    reckon_days,
)
from fuhui.shared.calendar.seed import deviating_days, published_years

KNOWN = list(deviating_days())
CALENDAR = WorkCalendar(
    days={day: works for day, works, _ in KNOWN}, published_years=frozenset(published_years()),
    names={day: name for day, _, name in KNOWN},
)
DAILY = 420


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def working(start: str, minutes: int, pauses: list[Pause] | None = None) -> Reckoning:
    return reckon(
        at(start), minutes, clock="working", calendar=CALENDAR, periods=USUAL_PERIODS, pauses=pauses or [],
    )


def days(start: str, count: int, pauses: list[Pause] | None = None) -> Reckoning:
    return reckon_days(at(start), count, calendar=CALENDAR, periods=USUAL_PERIODS, pauses=pauses or [])


def words(reckoning: Reckoning) -> list[str]:
    return [stretch.why_zh for stretch in reckoning.timeline]


def test_a_morning_message_is_due_in_the_afternoon_and_says_why() -> None:
    found = working("2026-03-02T09:30", 210)
    assert found.due == at("2026-03-02T15:00")
    assert words(found) == ["3月2日 周一 09:30–12:00 计 150 分钟", "3月2日 周一 14:00–15:00 计 60 分钟"]


def test_a_message_on_friday_evening_waits_for_monday() -> None:
    found = working("2026-03-06T18:20", 30)
    assert found.due == at("2026-03-09T09:00")
    assert words(found) == ["3月7日 周六 周末不计", "3月8日 周日 周末不计", "3月9日 周一 08:30–09:00 计 30 分钟"]


def test_a_holiday_is_named_and_a_make_up_saturday_counts() -> None:
    assert "1月1日 周四 元旦假期不计" in words(working("2025-12-31T17:00", 60))
    found = working("2026-02-14T09:00", 60)
    assert words(found) == ["2月14日 周六 调休上班 09:00–10:00 计 60 分钟"]


def test_due_at_the_very_end_of_a_period() -> None:
    assert working("2026-03-02T08:30", 210).due == at("2026-03-02T12:00")
    assert working("2026-03-02T12:30", 0).due == at("2026-03-02T14:00")


def test_the_clock_that_never_stops_counts_nights_and_weekends() -> None:
    found = reckon(at("2026-03-06T23:00"), 24 * 60, clock="continuous", calendar=CALENDAR, periods=USUAL_PERIODS)
    assert found.due == at("2026-03-07T23:00")
    assert words(found) == ["3月6日 周五 23:00–24:00 计 60 分钟", "3月7日 周六 00:00–23:00 计 1380 分钟"]


def test_a_pause_moves_the_due_time_by_what_was_paused() -> None:
    pause = (at("2026-03-02T10:00"), at("2026-03-02T14:30"))
    found = working("2026-03-02T09:30", 210, [pause])
    assert found.due == at("2026-03-02T17:30")
    assert "3月2日 周一 10:00–12:00 暂停，不计" in words(found)


def test_a_pause_that_is_still_open_gives_a_warning() -> None:
    found = working("2026-03-02T09:30", 60, [(at("2026-03-02T10:00"), None)])
    assert found.warnings == ("现在暂停计时，恢复后重新推算",)


def test_a_deadline_that_crosses_into_an_unpublished_year_says_so() -> None:
    found = days("2026-12-24T10:00", 15)
    assert found.due == at("2027-01-14T17:30")
    assert found.warnings == ("2027年放假安排未录入，按普通周末推算",)
    assert working("2026-12-31T17:00", 60).warnings == ("2027年放假安排未录入，按普通周末推算",)
    assert working("2026-03-02T09:30", 60).warnings == ()


def test_five_working_days_end_on_the_fifth_after_the_day_received() -> None:
    found = days("2026-03-02T09:30", 5)
    assert found.due == at("2026-03-09T17:30")
    assert words(found)[0] == "3月2日 周一 收到，当天不计"
    assert words(found)[-1] == "3月9日 周一 第 5 个工作日"
    assert days("2026-03-02T09:30", 0).due == at("2026-03-02T17:30")


@pytest.mark.parametrize("start", ["2026-03-06T17:30", "2026-03-06T21:00", "2026-03-07T10:00", "2026-03-09T06:00"])
def test_what_comes_in_after_hours_counts_as_received_next_working_day(start: str) -> None:
    assert days(start, 1).due == at("2026-03-10T17:30")


def test_spring_festival_is_left_out_and_its_make_up_days_count() -> None:
    found = days("2026-02-13T10:00", 3)  # off 15 to 23 February, at work on Saturdays the 14th and the 28th
    assert found.due == at("2026-02-25T17:30")
    assert "2月16日 周一 春节假期不计" in words(found)
    assert "2月14日 周六 调休上班，第 1 个工作日" in words(found)


def test_a_day_mostly_paused_does_not_count_as_a_working_day() -> None:
    pause = (at("2026-03-03T10:00"), at("2026-03-04T10:00"))
    assert days("2026-03-02T09:30", 2, [pause]).due == at("2026-03-05T17:30")


def test_seconds_and_other_time_zones_do_not_matter() -> None:
    from datetime import UTC

    moment = at("2026-03-02T09:30").replace(second=59).astimezone(UTC)
    assert reckon(moment, 1, clock="working", calendar=CALENDAR, periods=USUAL_PERIODS).due == at("2026-03-02T09:31")
    naive = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001
    assert reckon(naive, 1, clock="working", calendar=CALENDAR, periods=USUAL_PERIODS).due == at("2026-03-02T09:31")


@pytest.mark.parametrize(
    ("clock", "minutes", "periods"),
    [("lunar", 1, USUAL_PERIODS), ("working", -1, USUAL_PERIODS), ("working", 1, ()),
     ("working", 1, ((time(14), time(12)),)), ("working", 1, ((time(8), time(12)), (time(11), time(15))))],
)
def test_what_cannot_be_reckoned_is_refused(clock: str, minutes: int, periods: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match=r"clock|negative|periods"):
        reckon(at("2026-03-02T09:30"), minutes, clock=clock, calendar=CALENDAR, periods=periods)


def test_a_calendar_without_any_working_day_ends_with_an_error() -> None:
    first = date(2026, 1, 1)
    never = WorkCalendar({first + timedelta(days=n): False for n in range(4000)}, frozenset({2026}))
    with pytest.raises(ValueError, match="ten years"):
        reckon(at("2026-03-02T09:30"), 1, clock="working", calendar=never, periods=USUAL_PERIODS)
    with pytest.raises(ValueError, match="ten years"):
        reckon_days(at("2026-03-02T09:30"), 1, calendar=never, periods=USUAL_PERIODS)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 30)).map(lambda m: m.replace(tzinfo=ZONE, second=0, microsecond=0))  # noqa: DTZ001, E501
spans = st.lists(st.tuples(moments, st.integers(1, 20_000)), max_size=4).map(
    lambda found: [(begin, begin + timedelta(minutes=length)) for begin, length in found]
)
clocks = st.sampled_from(["working", "continuous"])
amounts = st.integers(0, 60 * DAILY)


def by(start: datetime, minutes: int, clock: str, pauses: list[Pause]) -> Reckoning:
    return reckon(start, minutes, clock=clock, calendar=CALENDAR, periods=USUAL_PERIODS, pauses=pauses)


@settings(max_examples=150, deadline=None)
@given(moments, amounts, clocks, spans)
def test_the_counted_minutes_add_up_to_what_was_asked(
    start: datetime, minutes: int, clock: str, pauses: list[Pause]
) -> None:
    found = by(start, minutes, clock, pauses)
    assert sum(stretch.minutes_counted for stretch in found.timeline) == minutes
    elapsed = minutes_between(
        start, found.due, clock=clock, calendar=CALENDAR, periods=USUAL_PERIODS, pauses=pauses
    )
    assert elapsed == minutes
    ends = [stretch.end for stretch in found.timeline]
    assert all(later.begin >= end for end, later in zip(ends, found.timeline[1:], strict=False))


@settings(max_examples=100, deadline=None)
@given(moments, amounts, st.integers(0, 500), clocks, spans)
def test_more_time_is_never_due_sooner(
    start: datetime, minutes: int, more: int, clock: str, pauses: list[Pause]
) -> None:
    due = by(start, minutes, clock, pauses).due
    assert due <= by(start, minutes + more, clock, pauses).due
    assert due <= by(start + timedelta(minutes=more), minutes, clock, pauses).due
    assert due >= by(start, minutes, clock, []).due


@settings(max_examples=100, deadline=None)
@given(moments, amounts, spans)
def test_working_time_ends_inside_working_periods(start: datetime, minutes: int, pauses: list[Pause]) -> None:
    due = by(start, minutes, "working", pauses).due
    assert CALENDAR.is_working(due.date())
    assert any(begin <= due.time() <= end for begin, end in USUAL_PERIODS)


@settings(max_examples=100, deadline=None)
@given(moments, st.integers(0, 60), spans)
def test_working_days_end_with_the_working_day(start: datetime, count: int, pauses: list[Pause]) -> None:
    found = reckon_days(start, count, calendar=CALENDAR, periods=USUAL_PERIODS, pauses=pauses)
    assert CALENDAR.is_working(found.due.date())
    assert found.due.time() == time(17, 30)
    assert sum(bool(stretch.minutes_counted) for stretch in found.timeline) == count
    without = reckon_days(start, count, calendar=CALENDAR, periods=USUAL_PERIODS)
    assert found.due >= without.due
