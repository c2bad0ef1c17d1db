"""A second tap on a slow network: the form comes twice, the first has already done its work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from fuhui.domains.cases.queries.record import CaseRecord
from fuhui.domains.cases.rules.states import Step
from fuhui.shared.viewers import Viewer

SAME_TAP = timedelta(seconds=60)


def sent_twice(viewer: Viewer, record: CaseRecord, step: Step, note: str) -> bool:
    """True when the newest step is this very one, by the same person, with the same words, a moment ago."""
    last = record.parts["steps"][-1] if record.parts["steps"] else None
    return bool(
        last
        and last["step"] == step
        and last["actor"] == viewer.actor
        and last["note"] == note.strip()
        and timezone.now() - datetime.fromisoformat(last["at"]) < SAME_TAP
    )
