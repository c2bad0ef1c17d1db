"""How every step is taken: lock, version, policy, table, history, audit, event. Other actions build on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from fuhui.domains.cases.events import CaseMoved
from fuhui.domains.cases.models import Case, CaseStep
from fuhui.domains.cases.permissions import Involved, may_step, relations, visible
from fuhui.domains.cases.rules.states import ENDED, STEP_NAMES, TRANSITIONS, State, Step, Who, next_state
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken, StalePage
from fuhui.shared.events import publish
from fuhui.shared.prepared import PreparedQuery
from fuhui.shared.rows import insert_together
from fuhui.shared.viewers import Viewer

LONGEST_NOTE = 2000
AFTER_WORK = frozenset({State.CHECKING, State.CALL_BACK})
CALL_BACK_WITHIN = timedelta(days=3)  # this product's own choice, not a rule of law
# Steps by which a person of the community speaks to the resident: the first of them is the first reply.
ANSWERING = frozenset(
    {
        Step.REPLY,
        Step.ANSWER_NOW,
        Step.ASK_RESIDENT,
        Step.REFUSE,
        Step.SOLVE,
        Step.DECIDE_EXTENSION,
        Step.CALL_BACK,
    }
)


_INVOLVED = """
SELECT true, account_id, organisation_id FROM cases_casehandler
 WHERE community_id = %(community)s AND case_id = %(case)s AND until IS NULL
UNION ALL
SELECT false, account_id, NULL FROM cases_casereporter
 WHERE community_id = %(community)s AND case_id = %(case)s AND account_id IS NOT NULL
"""


@dataclass
class Move:
    """A locked case about to take a step."""

    case: Case
    by: Viewer
    step: Step
    now: datetime
    who: frozenset[Who]
    involved: Involved


def lock_case(by: Viewer, case_id: UUID, *, version: int | None = None) -> Case:
    """The case, locked until the end of the transaction.

    Raises NotFound for a case the viewer may not see, StalePage when it has changed since `version`.
    """
    locked = _lockable(by).first(case_id)
    if locked is None:
        raise NotFound("case_not_found", "没有找到这件诉求，或它不在您的权限范围内。")
    if version is not None and locked.version != version:
        raise StalePage(
            "stale_page",
            "您打开页面之后，有人改动了这件诉求。您填写的内容没有丢失，请看过最新情况再提交。",
            version=locked.version,
        )
    return locked


@lru_cache(maxsize=256)
def _lockable(by: Viewer) -> PreparedQuery[Case]:
    rows = Case.objects.select_for_update(of=("self",)).filter(visible(by))
    return PreparedQuery(lambda case_id: rows.filter(pk=case_id))


def begin(*, by: Viewer, case_id: UUID, step: Step, note: str = "", version: int | None = None) -> Move:
    """Locks the case and makes sure the step is allowed; raises NotFound, StalePage, NotAllowed or RuleBroken."""
    case = lock_case(by, case_id, version=version)
    return begin_locked(case, by=by, step=step, note=note)


def begin_locked(case: Case, *, by: Viewer, step: Step, note: str = "") -> Move:
    """The same for a case that is locked already."""
    involved = involved_of(case)
    who = relations(by, case, involved)
    decision = may_step(who, case, step)
    if not decision.allowed and decision.code == "wrong_state":
        raise RuleBroken(decision.code, decision.message, state=case.state)
    decision.require()
    require_note(step, note)
    return Move(case=case, by=by, step=step, now=timezone.now(), who=who, involved=involved)


def require_note(step: Step, note: str) -> None:
    """Raises BadInput when a step that needs words has none, or too many."""
    if TRANSITIONS[step].needs_note and not note.strip():
        raise BadInput("note_missing", f"{STEP_NAMES[step]}需要写明原因或内容。", field="note")
    if len(note) > LONGEST_NOTE:
        raise BadInput("note_too_long", f"最多写 {LONGEST_NOTE} 字，现在是 {len(note)} 字，请精简。", field="note")


def involved_of(case: Case) -> Involved:
    """Live handlers and reporters with an account."""
    with connection.cursor() as cursor:
        cursor.execute(_INVOLVED, {"community": case.community_id, "case": case.id})
        rows = cursor.fetchall()
    return Involved(
        handler_accounts=frozenset(account for is_handler, account, _ in rows if is_handler and account),
        handler_organisations=frozenset(organisation for _, _, organisation in rows if organisation),
        reporter_accounts=frozenset(account for is_handler, account, _ in rows if not is_handler),
    )


def finish(
    move: Move,
    *,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    to: State | None = None,
    public: bool | None = None,
    step: Step | None = None,
) -> Case:
    """Writes the step, moves the case, records audit and announces it. `to` overrides the table's target
    where a step has two outcomes; it must be a state that the step's own action documents."""
    case, taken = move.case, step or move.step
    before = State(case.state)
    after = to or next_state(taken, before)
    case.state = after
    _set_times(move, after, taken)
    case.version += 1
    case.save()
    entry = audit.prepared(
        f"cases.{taken}",
        by=move.by,
        community_id=case.community_id,
        subject="case",
        subject_id=case.id,
        data={"number": case.number, "from": before, "to": after, "note": note[:200]},
    )
    said = step_row(case, by=move.by, step=taken, before=before, at=move.now, note=note, data=data, public=public)
    insert_together(said, entry=entry)
    publish(
        CaseMoved(
            community_id=case.community_id,
            case_id=case.id,
            step=taken,
            state_from=before,
            state_to=after,
            actor=move.by.actor,
        )
    )
    return case


def step_row(
    case: Case,
    *,
    by: Viewer,
    step: Step,
    before: State | str,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    public: bool | None = None,
) -> CaseStep:
    """An unsaved row of history."""
    is_public = public if public is not None else (step is Step.SUBMIT or TRANSITIONS[step].public)
    return CaseStep(
        community_id=case.community_id,
        case=case,
        step=step,
        state_from=before,
        state_to=case.state,
        at=at,
        actor=by.actor,
        actor_name=by.name,
        note=note.strip(),
        is_public=is_public,
        data=dict(data or {}),
    )


def _set_times(move: Move, after: State, step: Step) -> None:
    case = move.case
    if case.replied_at is None and step in ANSWERING and not move.by.is_system and Who.REPORTER not in move.who:
        case.replied_at = move.now
    if after in ENDED and case.ended_at is None:
        case.ended_at = move.now
    if after not in ENDED:
        case.ended_at = None
    case.due_at = next_due(case)


def next_due(case: Case) -> datetime:
    """The date that counts next: the first reply's while nobody has answered, then the close's; once the work is
    done, the day by which it is to be checked and the resident called back."""
    if case.solved_at is not None and case.state in AFTER_WORK:
        return max(case.close_due_at, case.solved_at + CALL_BACK_WITHIN)
    if case.replied_at is None:
        return min(case.reply_due_at, case.close_due_at)
    return case.close_due_at
