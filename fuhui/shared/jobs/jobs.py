"""This room's own periodic job."""

from __future__ import annotations

from fuhui.shared.jobs.periodic import every
from fuhui.shared.jobs.watchdog import alarm


@every("*/5 * * * *", "jobs.watchdog")
def look_for_overdue_jobs() -> None:
    """Tells when other jobs are late; that this one runs is seen by `watch`, from the pages."""
    alarm()
