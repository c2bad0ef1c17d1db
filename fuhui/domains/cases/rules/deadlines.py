"""When a case is due, from its clock, the work-day table, the working periods and its pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fuhui.domains.cases.rules.clocks import Clock, Limit, Pace, Unit
from fuhui.shared.calendar.rules import Periods, Reckoning, WorkCalendar, reckon, reckon_days

Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Deadlines:
    """First reply and close, each with the timeline that explains it."""

    reply: Reckoning
    close: Reckoning

    def facts(self) -> dict[str, Any]:
        """What is stored with the case and shown when a person asks how the date was reckoned."""
        return {"reply": _facts(self.reply), "close": _facts(self.close)}


def deadlines(
    start: datetime, clock: Clock, *, calendar: WorkCalendar, periods: Periods, pauses: Sequence[Pause] = ()
) -> Deadlines:
    """Both dates of a case received at `start`. Pauses move the close, never the first reply."""
    return Deadlines(
        reply=_due(start, clock.reply, clock.pace, calendar, periods, ()),
        close=_due(start, clock.close, clock.pace, calendar, periods, pauses),
    )


def extended(due: datetime, days: int, *, calendar: WorkCalendar, periods: Periods) -> Reckoning:
    """A close date moved on by whole working days, counted from the day it falls on."""
    return reckon_days(due, days, calendar=calendar, periods=periods)


def _due(
    start: datetime, limit: Limit, pace: Pace, calendar: WorkCalendar, periods: Periods, pauses: Sequence[Pause]
) -> Reckoning:
    if limit.unit is Unit.MINUTES or pace is Pace.CONTINUOUS:
        minutes = limit.amount if limit.unit is Unit.MINUTES else limit.amount * 24 * 60
        return reckon(start, minutes, clock=pace.value, calendar=calendar, periods=periods, pauses=pauses)
    return reckon_days(start, limit.amount, calendar=calendar, periods=periods, pauses=pauses)


def _facts(reckoning: Reckoning) -> dict[str, Any]:
    return {
        "due": reckoning.due.isoformat(),
        "timeline": [
            [part.begin.isoformat(), part.end.isoformat(), part.minutes_counted, part.why_zh]
            for part in reckoning.timeline
        ],
        "warnings": list(reckoning.warnings),
    }
