from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fuhui.shared.ui import format as words

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_a_moment_is_told_on_shanghais_clock() -> None:
    assert words.when(NOW, NOW) == "3月2日 周一 09:30"
    assert words.when(datetime(2026, 3, 1, 16, 5, tzinfo=UTC), NOW) == "3月2日 周一 00:05"
    assert words.when(None) == ""


def test_the_year_is_told_only_when_it_is_another() -> None:
    assert words.when(datetime(2025, 12, 31, 15, 59, tzinfo=UTC), NOW) == "2025年12月31日 周三 23:59"
    assert words.day(datetime(2025, 12, 31, 16, 0, tzinfo=UTC), NOW) == "1月1日 周四"
    assert words.day(date(2027, 1, 1), NOW) == "2027年1月1日 周五"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=3, hours=2), ("还剩 3 天", "neutral")),
        (timedelta(hours=47, minutes=59), ("还剩 47 小时", "neutral")),
        (timedelta(hours=2, minutes=30), ("还剩 2 小时", "soon")),
        (timedelta(minutes=59), ("还剩 59 分钟", "soon")),
        (timedelta(0), ("还剩 1 分钟", "soon")),
        (timedelta(seconds=-5), ("已超 1 分钟", "late")),
        (timedelta(hours=-3, minutes=-10), ("已超 3 小时", "late")),
        (timedelta(days=-9), ("已超 9 天", "late")),
    ],
)
def test_the_time_left_is_told_with_its_tone(left: timedelta, said: tuple[str, str]) -> None:
    assert words.clock_left(NOW + left, NOW) == said


def test_nothing_due_says_nothing() -> None:
    assert words.clock_left(None, NOW) == ("", "neutral")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 分钟"), (45, "45 分钟"), (60, "1 小时"), (135, "2 小时 15 分钟"), (-90, "-1 小时 30 分钟")],
)
def test_minutes_become_hours(minutes: int, said: str) -> None:
    assert words.minutes_words(minutes) == said


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("19900000042", "199****0042"),
        ("199 0000 0042", "199****0042"),
        ("6312345", "****45"),
        ("12345", "****45"),
        ("110", "***"),
        ("", ""),
        ("没有", ""),
    ],
)
def test_a_phone_is_masked(phone: str, shown: str) -> None:
    assert words.mask_phone(phone) == shown


def test_counts_and_past_moments() -> None:
    assert words.count_words(12345, "件") == "12,345 件"
    assert words.ago(NOW - timedelta(seconds=20), NOW) == "刚刚"
    assert words.ago(NOW - timedelta(minutes=12), NOW) == "12 分钟前"
    assert words.ago(NOW - timedelta(days=2), NOW) == "2月28日 周六 09:30"
