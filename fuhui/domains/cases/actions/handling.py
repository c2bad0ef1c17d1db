"""Working on a case: accept, verify, assign, hand over, object, answer, pause, whistle, solve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.cases.actions.informing import inform_accounts, inform_handlers, inform_reporters
from fuhui.domains.cases.actions.moving import Move, begin, finish
from fuhui.domains.cases.models import Case, CaseHandler, CaseObjection, CasePause
from fuhui.domains.cases.rules.states import State, Step
from fuhui.registry.accounts.queries.staff import staff_member
from fuhui.registry.organisations.queries import handling_organisation
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class Worker:
    """Who gets a case: one account or one organisation."""

    account_id: UUID | None = None
    organisation_id: UUID | None = None


@transaction.atomic
def accept_case(*, by: Viewer, case_id: UUID, note: str = "", version: int | None = None) -> Case:
    """受理: the desk takes notice. A note is sent to the reporter."""
    move = begin(by=by, case_id=case_id, step=Step.ACCEPT, note=note, version=version)
    case = finish(move, note=note)
    inform_reporters(case, title="您反映的事已受理", body=note or "社区正在核实情况。")
    return case


@transaction.atomic
def verify_case(*, by: Viewer, case_id: UUID, note: str = "", version: int | None = None) -> Case:
    """核实: the facts are checked, the case waits to be assigned."""
    return finish(begin(by=by, case_id=case_id, step=Step.VERIFY, note=note, version=version), note=note)


@transaction.atomic
def assign_case(*, by: Viewer, case_id: UUID, to: Worker, note: str = "", version: int | None = None) -> Case:
    """派单: one lead gets the case. Raises BadInput when the worker does not belong to the community."""
    move = begin(by=by, case_id=case_id, step=Step.ASSIGN, note=note, version=version)
    _require_no_open_objection(move)
    name = set_lead(move, to)
    case = finish(move, note=note, data={"to": name})
    _tell_worker(move, to, "新的办理任务", note)
    inform_reporters(case, title="您反映的事已派单", body=f"由{name}办理。")
    return case


@transaction.atomic
def take_case(*, by: Viewer, case_id: UUID, version: int | None = None) -> Case:
    """我来办理: the desk assigns the case to itself."""
    return assign_case(by=by, case_id=case_id, to=Worker(account_id=by.account_id), version=version)


@transaction.atomic
def hand_over(*, by: Viewer, case_id: UUID, to: Worker, note: str, version: int | None = None) -> Case:
    """转办: another lead, with the reason. After a decided objection a case cannot go back by this door
    to an earlier lead's unit without the secretary (潍坊市12345条例 art 22)."""
    move = begin(by=by, case_id=case_id, step=Step.HAND_OVER, note=note, version=version)
    name = set_lead(move, to)
    case = finish(move, note=note, data={"to": name})
    _tell_worker(move, to, "转来一件诉求", note)
    return case


@transaction.atomic
def add_helper(*, by: Viewer, case_id: UUID, to: Worker, note: str = "", version: int | None = None) -> Case:
    """增加协办: one more who works on it beside the lead. Adding the same one twice changes nothing."""
    move = begin(by=by, case_id=case_id, step=Step.ADD_HELPER, note=note, version=version)
    name = _join(move, to, role="helper")
    if name is None:
        return move.case
    case = finish(move, note=note, data={"to": name})
    _tell_worker(move, to, "请您协办", note)
    return case


@transaction.atomic
def whistle(*, by: Viewer, case_id: UUID, to: list[Worker], note: str, version: int | None = None) -> Case:
    """吹哨: several units are called to the spot. Raises BadInput when none is named."""
    if not to:
        raise BadInput("whistle_nobody", "请至少选择一个要报到的单位。", field="to")
    move = begin(by=by, case_id=case_id, step=Step.WHISTLE, note=note, version=version)
    names = [name for name in (_join(move, worker, role="whistled") for worker in to) if name]
    case = finish(move, note=note, data={"to": names})
    for worker in to:
        _tell_worker(move, worker, "吹哨报到", note)
    return case


@transaction.atomic
def answer_whistle(*, by: Viewer, case_id: UUID, handler_id: UUID, note: str, version: int | None = None) -> Case:
    """报到回复: what a whistled unit did."""
    move = begin(by=by, case_id=case_id, step=Step.WHISTLE_REPLY, note=note, version=version)
    row = CaseHandler.objects.select_for_update().filter(case=move.case, pk=handler_id, role="whistled").first()
    if row is None:
        raise BadInput("whistle_unknown", "没有找到这家被吹哨的单位，请刷新后再试。")
    row.reply, row.replied_at = note.strip(), move.now
    row.save(update_fields=["reply", "replied_at"])
    return finish(move, note=note, data={"unit": row.name})


@transaction.atomic
def object_to_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """退回异议, once per case: the lead says why it is not theirs; the secretary decides."""
    move = begin(by=by, case_id=case_id, step=Step.OBJECT, note=note, version=version)
    if CaseObjection.objects.filter(case=move.case).exists():
        raise RuleBroken("objected_before", "这件诉求已经退回过一次，裁定之后不能再次退回，请与社区书记沟通。")
    CaseObjection.objects.create(
        community_id=move.case.community_id, case=move.case, reason=note.strip(), actor=by.actor, at=move.now
    )
    return finish(move, note=note)


@transaction.atomic
def decide_objection(
    *, by: Viewer, case_id: UUID, uphold: bool, note: str, to: Worker | None = None, version: int | None = None
) -> Case:
    """裁定异议: upheld, somebody else gets it (`to` is required); not upheld, the lead keeps it."""
    move = begin(by=by, case_id=case_id, step=Step.DECIDE_OBJECTION, note=note, version=version)
    row = CaseObjection.objects.select_for_update().filter(case=move.case, is_upheld=None).first()
    if row is None:
        raise RuleBroken("no_objection", "没有等待裁定的异议。")
    if uphold and to is None:
        raise BadInput("objection_needs_worker", "同意退回时，请选择新的主办人。", field="to")
    row.is_upheld, row.decision, row.decided_by, row.decided_at = uphold, note.strip(), by.actor, move.now
    row.save()
    name = set_lead(move, to) if uphold and to else move.case.handler_name
    case = finish(move, note=note, data={"upheld": uphold, "to": name})
    inform_handlers(case, title="异议已裁定", body=note)
    return case


@transaction.atomic
def reply_to_resident(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """答复居民: words for everyone who raised it. The first one is the first reply."""
    move = begin(by=by, case_id=case_id, step=Step.REPLY, note=note, version=version)
    case = finish(move, note=note)
    inform_reporters(case, title="社区答复了您", body=note.strip(), but=by.account_id)
    return case


@transaction.atomic
def ask_resident(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """请居民补充: the clock stops until the answer comes."""
    move = begin(by=by, case_id=case_id, step=Step.ASK_RESIDENT, note=note, version=version)
    CasePause.objects.create(
        community_id=move.case.community_id, case=move.case, kind="waiting", begin=move.now, reason=note.strip()
    )
    case = finish(move, note=note)
    inform_reporters(case, title="请您补充情况", body=note.strip())
    return case


@transaction.atomic
def suspend_case(*, by: Viewer, case_id: UUID, note: str, review_on: date, version: int | None = None) -> Case:
    """挂账: it cannot be done now; the clock stops, with a day to look again (after today)."""
    move = begin(by=by, case_id=case_id, step=Step.SUSPEND, note=note, version=version)
    if review_on <= timezone.localdate(move.now):
        raise BadInput("review_day_past", "复查日要在今天之后。", field="review_on")
    CasePause.objects.create(
        community_id=move.case.community_id,
        case=move.case,
        kind="suspended",
        begin=move.now,
        reason=note.strip(),
        review_on=review_on,
    )
    case = finish(move, note=note, data={"review_on": review_on.isoformat()})
    inform_reporters(case, title="暂时挂账", body=f"{note.strip()}（{review_on.month}月{review_on.day}日复查）")
    return case


@transaction.atomic
def solve_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """办结待核: what was done, in words for the resident."""
    move = begin(by=by, case_id=case_id, step=Step.SOLVE, note=note, version=version)
    move.case.reply, move.case.solved_at = note.strip(), move.now
    case = finish(move, note=note)
    inform_reporters(case, title="您反映的事有结果了", body=note.strip(), but=by.account_id)
    return case


def set_lead(move: Move, to: Worker) -> str:
    """Ends the present lead and sets another; returns the name. Raises BadInput for a stranger."""
    case = move.case
    name = worker_name(case.community_id, to)
    CaseHandler.objects.filter(case=case, role="lead", until=None).update(until=move.now)
    CaseHandler.objects.create(
        community_id=case.community_id,
        case=case,
        role="lead",
        account_id=to.account_id,
        organisation_id=to.organisation_id,
        name=name,
        since=move.now,
    )
    case.handler_account_id, case.handler_organisation_id, case.handler_name = to.account_id, to.organisation_id, name
    return name


def worker_name(community_id: UUID, to: Worker) -> str:
    """The name of somebody who may work on this community's cases; raises BadInput otherwise."""
    if to.account_id and not to.organisation_id:
        found = staff_member(community_id, to.account_id)
    elif to.organisation_id and not to.account_id:
        found = handling_organisation(community_id, to.organisation_id)
    else:
        found = None
    if found is None:
        raise BadInput("unknown_worker", "请选择本社区的工作人员或办理单位。", field="to")
    return found


def _join(move: Move, to: Worker, *, role: str) -> str | None:
    name = worker_name(move.case.community_id, to)
    _, created = CaseHandler.objects.get_or_create(
        community_id=move.case.community_id,
        case=move.case,
        role=role,
        account_id=to.account_id,
        organisation_id=to.organisation_id,
        until=None,
        defaults={"name": name, "since": move.now},
    )
    return name if created else None


def _tell_worker(move: Move, to: Worker, title: str, note: str) -> None:
    if to.account_id and to.account_id != move.by.account_id:
        inform_accounts(move.case, [to.account_id], title=title, body=note or "请查看并办理。")


def _require_no_open_objection(move: Move) -> None:
    if move.case.state == State.DISPATCH and CaseObjection.objects.filter(case=move.case, is_upheld=None).exists():
        raise RuleBroken("objection_open", "办理人提出的异议还没有裁定，请书记先裁定。")
