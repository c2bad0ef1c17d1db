"""A course or a series: one plan on many days, by the recurrence rules of RFC 5545."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dateutil.rrule import MONTHLY, WEEKLY, rrule

from fuhui.domains.activities.rules.activity import Plan
from fuhui.shared.errors import BadInput

MOST = 60


class Every(StrEnum):
    """How often."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


EVERY_NAMES = {Every.WEEK: "每周同一天", Every.FORTNIGHT: "隔一周", Every.MONTH: "每月第几个星期几"}


@dataclass(frozen=True)
class Repeat:
    """Until when, the last day included, and whether public holidays and the community's closed days are left out."""

    every: str
    until: date
    skip_holidays: bool = True


def occurrences(plan: Plan, repeat: Repeat, is_closed: Callable[[date], bool]) -> list[datetime]:
    """The beginnings in the plan's own zone, so that nine o'clock stays nine o'clock, the plan's day first.

    "month" keeps the weekday and its place in the month (the second Saturday). Raises BadInput where nothing is
    repeated or there would be more than MOST.
    """
    if repeat.every not in set(Every):
        raise BadInput("every", "请选择多久一次。", field="every")
    first, zone = plan.starts_at, plan.starts_at.tzinfo
    end = datetime.combine(repeat.until, first.time())
    naive = first.replace(tzinfo=None)
    if repeat.every == Every.MONTH:
        nth = (first.day - 1) // 7 + 1
        rule = rrule(MONTHLY, dtstart=naive, until=end, byweekday=first.weekday(), bysetpos=nth)
    else:
        rule = rrule(WEEKLY, dtstart=naive, until=end, interval=2 if repeat.every == Every.FORTNIGHT else 1)
    found: list[datetime] = []
    for moment in rule:
        if len(found) > MOST:
            break
        if not (repeat.skip_holidays and is_closed(moment.date())):
            found.append(moment.replace(tzinfo=zone))
    if len(found) < 2:
        raise BadInput("until", "到这一天为止不到两场。请把最后一天往后改，或不用重复。", field="until")
    if len(found) > MOST:
        raise BadInput("until", f"一次最多安排 {MOST} 场，请把最后一天往前改。", field="until")
    return found
