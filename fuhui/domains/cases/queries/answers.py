"""Past answers that may fit a consultation: suggested, editable, never sent by themselves."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from fuhui import triage
from fuhui.domains.cases.models import Case
from fuhui.domains.cases.queries.queue import cases_for
from fuhui.domains.cases.rules.states import State
from fuhui.shared.viewers import Viewer

LOOKED_AT = 300


def suggested_answers(viewer: Viewer, case: Case, *, limit: int = 3) -> list[triage.Suggestion]:
    """Answers to the most alike closed cases that the viewer may see; private parts hidden in question and answer.

    Looked at are the newest of the same category and the newest of all others, since the same thing asked in other
    words may have been sorted elsewhere.
    """
    same = Q(category_id=case.category_id)
    past = [*_past(viewer, case, same), *_past(viewer, case, ~same)]
    return [
        replace(one, question=triage.redact(one.question), answer=triage.redact(one.answer))
        for one in triage.suggest(case.text, past, limit=limit)
    ]


def _past(viewer: Viewer, case: Case, which: Q) -> list[tuple[str, str, str]]:
    rows = (
        cases_for(viewer)
        .filter(
            which,
            community_id=case.community_id,
            state__in=[State.CLOSED, State.ARCHIVED],
            is_confidential=False,
        )
        .exclude(reply="")
        .exclude(pk=case.pk)
        .order_by("-id")
        .values_list("id", "text", "reply")[:LOOKED_AT]
    )
    return [(str(key), text, reply) for key, text, reply in rows]
