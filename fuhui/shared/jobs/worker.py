"""The worker process."""

from __future__ import annotations

import asyncio
from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

CONCURRENCY = 2
_POLL_SECONDS = 5.0


def run_worker(*, wait: bool = True, concurrency: int = CONCURRENCY, poll_seconds: float = _POLL_SECONDS) -> None:
    """Works off deferred and periodic jobs until SIGTERM or Ctrl-C; with `wait=False` until the queue is empty."""
    options: dict[str, Any] = {
        "wait": wait, "concurrency": concurrency, "delete_jobs": "successful", "install_signal_handlers": wait,
        "fetch_job_polling_interval": poll_seconds,
    }
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        asyncio.run(_work(options))


async def _work(options: dict[str, Any]) -> None:
    async with app.open_async():
        await app.run_worker_async(**options)
