"""Jobs that an action leaves behind, as rows in its own transaction."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import system

# Waits 4, 16, 64 … seconds; six tries reach over an hour, which outlasts most outages of a gateway.
_WAIT_BASE = 4
RETRIES = 6


@dataclass(frozen=True)
class Job:
    """A named piece of work. Call `defer` in an action; `run` does it here and now, in its scope."""

    name: str
    work: Callable[..., None]
    is_tenant: bool

    def defer(self, *, run_at: datetime | None = None, **arguments: object) -> None:
        """Leaves the job as a row in the current transaction: it runs after the commit, not before `run_at`.

        Arguments are plain values; ids and times arrive as text, except `community_id`, which stays an id.
        """
        # Always through Django's own connection: inside a worker the app's connector would be another one,
        # and the job would not share the fate of the transaction.
        manager = JobManager(DjangoConnector())
        plain: dict[str, Any] = {name: _plain(value) for name, value in arguments.items()}
        configure_task(name=self.name, job_manager=manager, schedule_at=run_at).defer(**plain)

    def run(self, **arguments: Any) -> None:
        """Does the work now, as `system:<name>`, in the scope of its community if it has one."""
        scope = []
        if self.is_tenant:
            arguments["community_id"] = UUID(str(arguments["community_id"]))
            scope.append(arguments["community_id"])
        with acting(system(self.name, *scope)):
            self.work(**arguments)

    def run_in_worker(self, **arguments: Any) -> None:
        """The same with connections that the server may have closed since the last job."""
        close_old_connections()
        try:
            self.run(**arguments)
        finally:
            close_old_connections()


def job(name: str, *, retries: int = RETRIES, wait_base: int = _WAIT_BASE) -> Callable[[Callable[..., None]], Job]:
    """Registers a job under a lasting name ("room.verb"). A job that raises is tried again up to `retries` times,
    after `wait_base`, `wait_base`², … seconds; then it stays as failed in the queue's table."""

    def register(work: Callable[..., None]) -> Job:
        made = Job(name, work, "community_id" in inspect.signature(work).parameters)
        strategy = RetryStrategy(max_attempts=retries, exponential_wait=wait_base)
        app.task(name=name, retry=strategy)(made.run_in_worker)
        return made

    return register


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
