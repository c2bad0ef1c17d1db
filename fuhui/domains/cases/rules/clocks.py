"""Clocks: how long a first answer and a solution may take. The rows are this community's own agreement
(本社区约定): no national table at community level was found, so nothing here is shown as law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Priority(StrEnum):
    """How soon; the five rows of the default clock table."""

    URGENT = "urgent"
    LIVELIHOOD = "livelihood"
    NORMAL = "normal"
    COMPLEX = "complex"
    INQUIRY = "inquiry"


PRIORITY_NAMES: dict[Priority, str] = {
    Priority.URGENT: "紧急",
    Priority.LIVELIHOOD: "民生急",
    Priority.NORMAL: "一般",
    Priority.COMPLEX: "复杂",
    Priority.INQUIRY: "咨询",
}


class Pace(StrEnum):
    """Continuous counts every minute; working counts working periods of working days only."""

    CONTINUOUS = "continuous"
    WORKING = "working"


PACE_NAMES = {Pace.CONTINUOUS: "连续计时", Pace.WORKING: "工作时间计时"}


class Unit(StrEnum):
    """Unit of a limit. A working-day limit ends with the working time of its last day."""

    MINUTES = "minutes"
    DAYS = "days"


@dataclass(frozen=True)
class Limit:
    """An amount of minutes or days, above zero."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class Clock:
    """One row of the table: first reply and close for a priority, optionally for one category."""

    priority: Priority
    reply: Limit
    close: Limit
    pace: Pace
    category_code: str = ""


def _minutes(amount: int) -> Limit:
    return Limit(amount, Unit.MINUTES)


DEFAULT_CLOCKS: tuple[Clock, ...] = (
    Clock(Priority.URGENT, _minutes(15), _minutes(120), Pace.CONTINUOUS),
    Clock(Priority.LIVELIHOOD, _minutes(30), _minutes(24 * 60), Pace.CONTINUOUS),
    Clock(Priority.NORMAL, _minutes(120), Limit(5, Unit.DAYS), Pace.WORKING),
    Clock(Priority.COMPLEX, _minutes(120), Limit(15, Unit.DAYS), Pace.WORKING),
    Clock(Priority.INQUIRY, _minutes(120), Limit(1, Unit.DAYS), Pace.WORKING),
)
DUE_SOON = timedelta(hours=4)


def clock_for(priority: Priority, category_codes: tuple[str, ...], rows: tuple[Clock, ...]) -> Clock:
    """The most specific row: category (second level before first) before the row for all categories.

    Falls back to the default row of the priority, so that no case is ever without a clock.
    """
    mine = [row for row in rows if row.priority is priority]
    for code in category_codes:
        for row in mine:
            if row.category_code == code:
                return row
    general = [row for row in mine if not row.category_code]
    return (general or [row for row in DEFAULT_CLOCKS if row.priority is priority])[0]
