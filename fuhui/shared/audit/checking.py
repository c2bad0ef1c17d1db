"""The check that a person starts from a page; it leaves an entry, because who checked and when is asked later."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fuhui.shared import audit
from fuhui.shared.audit.queries import may_read_entries
from fuhui.shared.audit.verify import Report, check_latest
from fuhui.shared.viewers import Viewer


@transaction.atomic
def check_chain(*, by: Viewer, community_id: UUID | None) -> Report:
    """Checks the latest entries of one chain (`verify.check_latest`). Raises NotAllowed."""
    may_read_entries(by, community_id).require()
    report = check_latest(community_id)
    found = {"entries": report.entries, "problems": len(report.problems)}
    audit.record("audit.check", by=by, community_id=community_id, subject="audit", data=found)
    return report
