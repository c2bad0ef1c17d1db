"""The watchdog: a periodic job that did not run is noticed, also when no worker runs at all."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from fuhui.shared.jobs import heartbeat, periodic
from fuhui.shared.jobs.rounds import for_each_community

_PATIENCE = 2  # times the longest pause between two runs
_LOOK_EVERY_SECONDS = 60.0
# A table this room knows by name only, as it does the list of communities: who answers for a community.
_ANSWERABLE = """SELECT DISTINCT account_id FROM accounts_rolegrant
                  WHERE (until IS NULL OR until > current_date)
                    AND (role = 'secretary' AND community_id = %s
                         OR role = 'operator' AND (community_id IS NULL OR community_id = %s))"""
_LATE = """SELECT name, last_finished, last_error, expected_every_seconds FROM jobs_heartbeat
            WHERE coalesce(last_finished, known_since) + make_interval(secs => expected_every_seconds * %s) < %s
              AND name = ANY(%s)
            ORDER BY name"""
_turn = threading.Lock()
_looked_at = 0.0


@dataclass(frozen=True)
class OverdueJob:
    """A periodic job that has not ended well for twice its longest pause."""

    name: str
    last_finished: datetime | None
    last_error: str
    expected_every_seconds: int

    @property
    def message(self) -> str:
        """What an operator reads."""
        since = "从未完成"
        if self.last_finished:
            since = f"最近一次完成于 {timezone.localtime(self.last_finished):%Y-%m-%d %H:%M}"
        error = f"；最近错误：{self.last_error}" if self.last_error else ""
        return f"后台任务 {self.name} 没有按时运行，{since}{error}。请检查 fuhui worker 是否在运行。"


def overdue_jobs(now: datetime | None = None) -> list[OverdueJob]:
    """Every periodic job that is overdue at `now`. Two statements where all jobs are known, for doctor and pages."""
    wanted = periodic.registered()
    for name in wanted.keys() - _known():
        heartbeat.make_known(name, wanted[name])
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [_PATIENCE, now or timezone.now(), list(wanted)])
        return [OverdueJob(*row) for row in cursor.fetchall()]


def watch(now: datetime | None = None) -> list[OverdueJob]:
    """Looks for overdue jobs and tells secretaries and operators, once per job and day.

    Cheap to call from a page: looks at most once a minute per process and answers an empty list in between.
    """
    global _looked_at
    with _turn:
        if time.monotonic() - _looked_at < _LOOK_EVERY_SECONDS and _looked_at:
            return []
        _looked_at = time.monotonic()
    return alarm(now)


def alarm(now: datetime | None = None) -> list[OverdueJob]:
    """Looks now, whatever `watch` did before; see there."""
    late = overdue_jobs(now)
    if late:
        day = timezone.localdate(now) if now else timezone.localdate()
        for_each_community(lambda community: _tell(community, late, day.isoformat()), name="watchdog")
    return late


def _tell(community: UUID, late: list[OverdueJob], day: str) -> None:
    from fuhui.shared.messages import send

    with connection.cursor() as cursor:
        cursor.execute(_ANSWERABLE, [community, community])
        accounts = [row[0] for row in cursor.fetchall()]
    for account in accounts:
        for job in late:
            send(
                community_id=community, to_account=account, kind="watchdog", title="后台任务没有按时运行",
                body=job.message, dedupe_key=f"watchdog:{job.name}:{day}:{account}",
            )


def _known() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM jobs_heartbeat")
        return {row[0] for row in cursor.fetchall()}
