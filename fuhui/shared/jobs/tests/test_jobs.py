from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from fuhui.shared.jobs import community_ids, for_each_community, overdue_jobs, watch, watchdog
from fuhui.shared.jobs.heartbeat import beating
from fuhui.shared.jobs.jobs import look_for_overdue_jobs
from fuhui.shared.jobs.periodic import period_seconds, registered
from fuhui.shared.jobs.rounds import RoundFailed
from fuhui.shared.jobs.tests.rehearsal import note
from fuhui.shared.jobs.tests.support import make_account, make_community
from fuhui.shared.tenancy.scope import acting, current
from fuhui.shared.viewers import Role

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WORKER = """
import os, django
from django.conf import settings
for alias in settings.DATABASES: settings.DATABASES[alias]["NAME"] = os.environ["DATABASE"]
django.setup()
import fuhui.shared.jobs.tests.rehearsal
from fuhui.shared.jobs.worker import run_worker
run_worker(poll_seconds=0.2)
"""


@contextmanager
def worker(database: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker process on the test's database; ended at the end of the block."""
    place = connections["owner"].settings_dict
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER], cwd=Path(__file__).parents[4], env={**os.environ, "DATABASE": database}
    )
    assert place["NAME"] == database
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(20) == 0


def wait_for(file: Path, lines: int) -> list[str]:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = file.read_text().splitlines() if file.exists() else []
        if len(found) >= lines:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the worker wrote {found}")


def waiting() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_real_worker_runs_a_job_in_its_community_and_tries_again_after_a_failure(
    fresh_database: str, tmp_path: Path
) -> None:
    community = make_community()
    file = tmp_path / "notes"
    with transaction.atomic():
        note.defer(community_id=community, file=str(file), fail_times=1)
    with worker(fresh_database):
        assert wait_for(file, 2) == ["system:tests.note True"] * 2


def test_a_rollback_takes_the_job_with_it(fresh_database: str, tmp_path: Path) -> None:
    with transaction.atomic():
        note.defer(community_id=UUID(int=1), file=str(tmp_path / "notes"))
        assert waiting() == ["tests.note"]
        transaction.set_rollback(True)
    assert waiting() == []


def test_inside_a_worker_too_a_job_is_left_in_the_actions_transaction(fresh_database: str, tmp_path: Path) -> None:
    """The worker's own connector is another connection: a job left through it would survive the rollback."""
    from procrastinate.testing import InMemoryConnector

    elsewhere = InMemoryConnector()
    with app.replace_connector(elsewhere), transaction.atomic():
        note.defer(community_id=UUID(int=1), file=str(tmp_path / "notes"))
        assert waiting() == ["tests.note"]
        transaction.set_rollback(True)
    assert waiting() == []
    assert elsewhere.jobs == {}


@pytest.mark.django_db
def test_each_community_gets_its_turn_though_one_fails() -> None:
    first, second = sorted((make_community(), make_community("980000000000", "南关社区")))
    seen: list[tuple[UUID, str, bool]] = []

    def task(community: UUID) -> None:
        seen.append((community, current().name, current().communities == (community,)))
        if community == first:
            raise OSError("away")

    assert community_ids() == [first, second]
    with pytest.raises(RoundFailed, match=str(first)):
        for_each_community(task, name="tests")
    assert seen == [(first, "tests", True), (second, "tests", True)]


@pytest.mark.django_db
def test_a_run_leaves_a_heartbeat_and_a_failed_one_its_error() -> None:
    with beating("tests.beat", 60):
        pass
    with pytest.raises(OSError, match="away"), beating("tests.bad", 60):
        raise OSError("away")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, last_finished IS NOT NULL, last_error FROM jobs_heartbeat"
                       " WHERE name LIKE 'tests.%' ORDER BY name")
        assert cursor.fetchall() == [("tests.bad", False, "OSError: away"), ("tests.beat", True, "")]


@pytest.mark.django_db
def test_the_watchdog_notices_a_job_that_does_not_run_and_tells_chen_once_a_day() -> None:
    chen = make_account(Role.SECRETARY, make_community())
    assert overdue_jobs() == []
    later = timezone.now() + timedelta(minutes=11)  # the watchdog itself comes every five minutes
    late = watchdog.alarm(later)
    assert "jobs.watchdog" in [job.name for job in late]
    watchdog.alarm(later)
    with acting(chen), connection.cursor() as cursor:
        cursor.execute("SELECT body FROM inbox_message WHERE to_account = %s", [chen.account_id])
        bodies = [row[0] for row in cursor.fetchall()]
    assert len(bodies) == len(late)
    assert any("jobs.watchdog" in body and "从未完成" in body for body in bodies)


@pytest.mark.django_db
def test_a_job_that_runs_in_time_is_not_overdue() -> None:
    overdue_jobs()
    look_for_overdue_jobs.run()
    assert "jobs.watchdog" not in [job.name for job in overdue_jobs(timezone.now() + timedelta(minutes=9))]


@pytest.mark.django_db
def test_pages_look_at_most_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_looked_at", 0.0)
    looked: list[object] = []
    monkeypatch.setattr(watchdog, "alarm", looked.append)
    watch()
    watch()
    assert len(looked) == 1


@pytest.mark.parametrize(
    ("cron", "seconds"), [("*/5 * * * *", 300), ("25 4 * * *", 86_400), ("0 9 * * 1-5", 3 * 86_400),
                          ("*/5 8-18 * * *", 13 * 3600 + 300)],
)
def test_the_longest_pause_of_a_cron_line(cron: str, seconds: int) -> None:
    assert period_seconds(cron) == seconds


def test_cron_lines_count_in_shanghai() -> None:
    entry = app.periodic_registry.periodic_tasks[("files.remove_orphans", "files.remove_orphans")]
    tick = entry.croniter.get_next(ret_type=float, start_time=time.time())
    assert datetime.fromtimestamp(tick, SHANGHAI).strftime("%H:%M") == "04:25"
    assert {"jobs.watchdog", "messages.forget_codes"} <= registered().keys()
