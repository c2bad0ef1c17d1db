"""Past answers that may fit a consultation: suggested, editable, never sent by themselves."""

from __future__ import annotations

from fuhui import triage
from fuhui.domains.cases.models import Case
from fuhui.domains.cases.queries.queue import cases_for
from fuhui.domains.cases.rules.states import State
from fuhui.shared.viewers import Viewer

LOOKED_AT = 400


def suggested_answers(viewer: Viewer, case: Case, *, limit: int = 3) -> list[triage.Suggestion]:
    """Answers to the most alike closed cases of the same category that the viewer may see; private parts hidden."""
    rows = (
        cases_for(viewer)
        .filter(
            community_id=case.community_id,
            state__in=[State.CLOSED, State.ARCHIVED],
            category_id=case.category_id,
            is_confidential=False,
        )
        .exclude(reply="")
        .exclude(pk=case.pk)
        .order_by("-id")
        .values_list("id", "text", "reply")[:LOOKED_AT]
    )
    past = [(str(key), text, triage.redact(reply)) for key, text, reply in rows]
    return triage.suggest(case.text, past, limit=limit)
