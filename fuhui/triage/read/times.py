"""Times as chat programs write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

CLOCK = (
    r"(?:(?P<half>上午|下午|晚上|凌晨|早上|中午|傍晚|清晨|[AaPp][Mm])\s{0,2})?"
    r"(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?"
    r"(?:\s{0,2}(?P<half2>[AaPp][Mm]))?"
)
DAY = r"(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?日?"
SHORT_DAY = r"(?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?"
RELATIVE = r"(?P<relative>昨天|前天|今天|星期[一二三四五六日天]|周[一二三四五六日天])"
WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
CHINA = timezone(timedelta(hours=8))
STAMP = re.compile(rf"{DAY}[T\s]*(?:星期.|周.)?\s*{CLOCK}")


def clock_of(match: re.Match[str]) -> time | None:
    """The time of day in a match of ``CLOCK``, or None where it is not one."""
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    half = (match["half"] or match["half2"] or "").lower()
    if (half in {"下午", "晚上", "傍晚", "pm"} and hour < 12) or (half == "中午" and hour < 4):
        hour += 12
    elif half in {"上午", "凌晨", "am"} and hour == 12:
        hour = 0
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def day_of(match: re.Match[str], latest: date | None = None) -> date | None:
    """The day in a match of ``DAY`` or ``SHORT_DAY``.

    Without a year it is the last such day not after ``latest``; None where it is no day.
    """
    named = match.groupdict()
    month, day = int(named["month"]), int(named["day"])
    try:
        if named.get("year"):
            return date(int(named["year"]), month, day)
        if latest is None:
            return None
        found = date(latest.year, month, day)
        return found if found <= latest else date(latest.year - 1, month, day)
    except ValueError:
        return None


def relative_day(word: str, today: date) -> date:
    """The day that 昨天, 前天 or 星期三 means, seen from ``today``."""
    if word in {"今天", "昨天", "前天"}:
        return today - timedelta(days=["今天", "昨天", "前天"].index(word))
    return today - timedelta(days=(today.weekday() - WEEKDAYS[word[-1]]) % 7)


def parse_stamp(value: object) -> datetime | None:
    """A full time from text (with or without a zone) or from seconds since 1970.

    Times with a zone and epoch seconds come out as China's wall clock.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(float(value))
    if not isinstance(value, str) or len(value) > 60:
        return None
    text = value.strip()
    if text.isdigit() and len(text) in {10, 13}:
        return _from_epoch(float(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _from_words(text)
    return moment.astimezone(CHINA).replace(tzinfo=None) if moment.tzinfo else moment


def _from_epoch(seconds: float) -> datetime | None:
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    if not 0 < seconds < 4e9:
        return None
    return datetime.fromtimestamp(seconds, CHINA).replace(tzinfo=None, microsecond=0)


def _from_words(text: str) -> datetime | None:
    match = STAMP.match(text)
    if match is None:
        return None
    day, clock = day_of(match), clock_of(match)
    return datetime.combine(day, clock) if day and clock else None
