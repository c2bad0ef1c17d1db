"""More words on a case that exists: another neighbour joins in, or says that it is solved."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fuhui.domains.cases.actions.informing import inform_handlers
from fuhui.domains.cases.actions.intake import Further, reporter_row
from fuhui.domains.cases.actions.moving import begin, finish
from fuhui.domains.cases.models import Case, CaseReporter
from fuhui.domains.cases.rules.states import Step
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer


@transaction.atomic
def add_as_reporter(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """补充情况: who raised it says more, at any time while it is open; the handlers are told."""
    move = begin(by=by, case_id=case_id, step=Step.RESIDENT_ADDS, note=note, version=version)
    case = finish(move, note=note)
    inform_handlers(case, title="反映人补充了情况", body=note.strip())
    return case


@transaction.atomic
def add_words(*, by: Viewer, case_id: UUID, further: tuple[Further, ...], confirm: bool = False) -> Case:
    """Appends what others said to an open case and keeps them informed from now on. `confirm`: they say that
    it is solved; that is written down for the check, it does not close the case."""
    if not further:
        raise BadInput("nothing_to_add", "没有要补充的内容。")
    note = "\n".join(f"{one.reporter.name or '居民'}：{one.words}" for one in further)[:2000]
    move = begin(by=by, case_id=case_id, step=Step.NOTE, note=note)
    known = set(CaseReporter.objects.filter(case=move.case).values_list("name", flat=True))
    rows = [reporter_row(move.case, one.reporter, words=one.words, at=one.said_at) for one in further]
    CaseReporter.objects.bulk_create(rows)
    move.case.reporter_count += len({row.name for row in rows} - known)
    return finish(move, note=note, data={"further": len(rows), "says_solved": confirm})
