"""Jobs that come back by the clock; each run leaves a heartbeat for the watchdog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from croniter import croniter
from django.conf import settings
from procrastinate.contrib.django import app

from fuhui.shared.jobs import heartbeat
from fuhui.shared.jobs.deferring import Job

# Enough ticks to meet the longest pause of a weekly rhythm, also where it ticks every five minutes by day.
_TICKS_LOOKED_AT = 1500
_SOME_MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001 - only distances between ticks matter
_crons: dict[str, str] = {}


def every(cron: str, name: str) -> Callable[[Callable[[], None]], Job]:
    """Registers a periodic job under a lasting name; `cron` counts in the installation's time zone.

    Runs of the same job never overlap, and a run that is still waiting is not queued twice. A run that fails
    is not repeated before its next time; its error stands in the heartbeat and `watch` raises it.
    """

    def register(work: Callable[[], None]) -> Job:
        def beat() -> None:
            with heartbeat.beating(name, period_seconds(cron)):
                work()

        made = Job(name, beat, is_tenant=False)

        def tick(timestamp: int) -> None:
            made.run_in_worker()

        _crons[name] = cron
        app.periodic(cron=cron, periodic_id=name)(app.task(name=name, queueing_lock=name, lock=name)(tick))
        _count_in_local_time(name, cron)
        return made

    return register


def registered() -> dict[str, int]:
    """Every periodic job with its longest pause in seconds."""
    return {name: period_seconds(cron) for name, cron in _crons.items()}


@lru_cache
def period_seconds(cron: str) -> int:
    """The longest time between two runs of a cron line (nights and weekends included), in seconds."""
    ticks = croniter(cron, _SOME_MONDAY)
    times = [ticks.get_next(float) for _ in range(_TICKS_LOOKED_AT)]
    return round(max(later - sooner for sooner, later in pairwise(times)))


def _count_in_local_time(name: str, cron: str) -> None:
    # procrastinate counts cron lines in UTC: its iterator is replaced by one that knows our time zone.
    entry = app.periodic_registry.periodic_tasks[(name, name)]
    entry.__dict__["croniter"] = croniter(cron, datetime.now(ZoneInfo(settings.TIME_ZONE)))
