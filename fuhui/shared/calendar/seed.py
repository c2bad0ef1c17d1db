"""The published years as the chinesecalendar package knows them; used once, by the first migration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays

SOURCE = "国务院办公厅节假日安排（chinesecalendar 整理）"
_SATURDAY = 5
_NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def published_years() -> list[int]:
    """Every year that the package covers."""
    return sorted({day.year for day in holidays})


def deviating_days() -> Iterator[tuple[date, bool, str]]:
    """Days off on weekdays and working days on weekends, with the Chinese name of their holiday."""
    for day, name in holidays.items():
        if day.weekday() < _SATURDAY:
            yield day, False, _NAMES.get(name, name)
    for day, name in workdays.items():
        if day.weekday() >= _SATURDAY:
            yield day, True, _NAMES.get(name, name)
