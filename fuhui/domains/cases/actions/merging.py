"""Repeats: merge, take a merge back, split. Suggested with evidence, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from fuhui.domains.cases.actions.informing import inform_reporters
from fuhui.domains.cases.actions.moving import Move, begin, begin_locked, finish, lock_case
from fuhui.domains.cases.models import Case, CaseReporter, MergeSuggestion
from fuhui.domains.cases.rules.states import OPEN, Step
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class Part:
    """One matter of a case that held several."""

    title: str
    text: str


@transaction.atomic
def merge_case(*, by: Viewer, case_id: UUID, main_id: UUID, note: str = "", version: int | None = None) -> Case:
    """并案: the repeat points to the main case; its reporters keep hearing of it. Returns the repeat.

    Both rows are locked in the order of their ids, so two people merging A into B and B into A at once
    cannot both succeed. What was merged into the repeat moves on to the main case.
    """
    if case_id == main_id:
        raise BadInput("merge_itself", "不能并入自己。")
    locked = {one: lock_case(by, one) for one in sorted((case_id, main_id))}
    case, main = locked[case_id], locked[main_id]
    if version is not None and case.version != version:
        lock_case(by, case_id, version=version)
    if main.community_id != case.community_id:
        raise BadInput("merge_elsewhere", "只能并入本社区的诉求。")
    if main.state not in OPEN:
        raise RuleBroken("main_ended", f"主单 {main.number} 已经结束，不能并入；同一问题再次发生请单独办理。")
    move = begin_locked(case, by=by, step=Step.MERGE, note=note)
    followers = list(Case.objects.filter(community_id=case.community_id, main_case=case).values_list("id", flat=True))
    Case.objects.filter(pk__in=followers).update(main_case=main)
    move.case.main_case = main
    done = finish(
        move,
        note=note,
        data={"main": str(main.id), "number": main.number, "followers": [str(one) for one in followers]},
    )
    _count(main, done.reporter_count)
    _decide(by, done, main, move)
    inform_reporters(done, title="已与同类诉求合并办理", body=f"主单号 {main.number}，进展会一并告诉您。")
    return done


@transaction.atomic
def unmerge_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """撤销并案: the repeat stands on its own again, with what had been merged into it."""
    move = begin(by=by, case_id=case_id, step=Step.UNMERGE, note=note, version=version)
    main = move.case.main_case
    if main is None:
        raise RuleBroken("not_merged", "这件诉求没有并案。")
    merged = move.case.steps.filter(step=Step.MERGE).order_by("-id").first()
    followers = [UUID(one) for one in (merged.data.get("followers", []) if merged else [])]
    move.case.main_case = None
    case = finish(move, note=note, data={"main": str(main.id), "number": main.number})
    Case.objects.filter(pk__in=followers, main_case=main).update(main_case=case)
    _count(main, -case.reporter_count)
    MergeSuggestion.objects.filter(case=case, main=main).update(
        decision="dismissed", decided_by=by.actor, decided_at=move.now
    )
    inform_reporters(case, title="您反映的事单独办理", body=note.strip())
    return case


@transaction.atomic
def dismiss_suggestion(*, by: Viewer, suggestion_id: UUID) -> MergeSuggestion:
    """不是同一件: the suggestion goes away and is kept as an example for the machine."""
    row = MergeSuggestion.objects.select_related("case").filter(pk=suggestion_id).first()
    if row is None:
        raise BadInput("suggestion_unknown", "没有找到这条并案建议，请刷新页面。")
    case = lock_case(by, row.case_id)
    move = begin_locked(case, by=by, step=Step.NOTE, note="不是同一件")
    if row.decision == "open":
        row.decision, row.decided_by, row.decided_at = "dismissed", by.actor, move.now
        row.save(update_fields=["decision", "decided_by", "decided_at"])
        audit.record(
            "cases.dismiss_suggestion",
            by=by,
            community_id=case.community_id,
            subject="case",
            subject_id=case.id,
            data={"main": str(row.main_id)},
        )
    return row


@transaction.atomic
def split_case(
    *, by: Viewer, case_id: UUID, parts: list[Part], note: str = "", version: int | None = None
) -> list[Case]:
    """拆分: new cases for the further matters; the first reporter is kept informed of each. 1–10 parts."""
    if not 1 <= len(parts) <= 10 or any(not part.text.strip() for part in parts):
        raise BadInput("split_parts", "请写出要拆分出的事项，每次 1 到 10 件，每件都要有内容。", field="parts")
    move = begin(by=by, case_id=case_id, step=Step.SPLIT, note=note, version=version)
    made = [_part(move, part) for part in parts]
    finish(move, note=note, data={"cases": [{"id": str(one.id), "number": one.number} for one in made]})
    return made


def _part(move: Move, part: Part) -> Case:
    from fuhui.domains.cases.actions.intake import enter_sibling

    case = enter_sibling(by=move.by, origin=move.case, title=part.title.strip(), text=part.text.strip(), now=move.now)
    for reporter in CaseReporter.objects.filter(case=move.case):
        reporter.pk = new_id()
        reporter._state.adding = True
        reporter.case, reporter.token_hash = case, None
        reporter.save()
    return case


def _count(main: Case, more: int) -> None:
    Case.objects.filter(pk=main.pk).update(reporter_count=F("reporter_count") + more)


def _decide(by: Viewer, case: Case, main: Case, move: Move) -> None:
    MergeSuggestion.objects.filter(case=case, main=main).update(
        decision="accepted", decided_by=by.actor, decided_at=move.now
    )
    MergeSuggestion.objects.filter(main=case, decision="open").update(
        decision="dismissed", decided_by=by.actor, decided_at=move.now
    )
