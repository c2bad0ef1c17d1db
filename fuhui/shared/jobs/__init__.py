"""Work outside a request: deferred jobs, periodic jobs, and the watchdog that notices when they do not run.

    @job("messages.deliver", retries=5)
    def deliver_message(*, community_id: UUID, message_id: str) -> None: ...

    deliver_message.defer(community_id=community, message_id=str(message))   # inside an action's transaction

    @every("*/10 * * * *", "cases.remind")
    def remind() -> None:
        for_each_community(remind_one)

Put both into the room's `jobs.py`; that module is imported when Django starts. A deferred job is a row written in
the caller's transaction, so a rollback takes it with it. A job with a `community_id` runs in that community's scope
as `system:<name>`, one without runs without a community. Cron times are those of the installation's time zone.
Jobs may run twice (a worker that died is replaced), so their work must bear it.
"""

from __future__ import annotations

from fuhui.shared.jobs.deferring import Job, job
from fuhui.shared.jobs.periodic import every
from fuhui.shared.jobs.rounds import community_ids, for_each_community
from fuhui.shared.jobs.watchdog import OverdueJob, overdue_jobs, watch

__all__ = ["Job", "OverdueJob", "community_ids", "every", "for_each_community", "job", "overdue_jobs", "watch"]
