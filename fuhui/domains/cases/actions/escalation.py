"""Up to the street office and back (上报街道 → 街道回执), and oversight (督办, 催办)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from fuhui.domains.cases.actions.handling import Worker, set_lead
from fuhui.domains.cases.actions.informing import inform_accounts, inform_handlers, inform_reporters
from fuhui.domains.cases.actions.moving import begin, finish
from fuhui.domains.cases.models import Case, CaseEscalation, CaseStep
from fuhui.domains.cases.rules.states import Step, Who
from fuhui.registry.accounts.queries.staff import accounts_in_role
from fuhui.shared.errors import RuleBroken
from fuhui.shared.viewers import Role, Viewer

URGE_PAUSE = timedelta(hours=1)


@transaction.atomic
def escalate_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """上报街道: beyond the community's own means, with what was tried. Street officers and reporters are told."""
    move = begin(by=by, case_id=case_id, step=Step.ESCALATE, note=note, version=version)
    if not move.case.handler_account_id and not move.case.handler_organisation_id:
        set_lead(move, Worker(account_id=by.account_id))  # somebody here stays answerable (首接负责制)
    CaseEscalation.objects.create(
        community_id=move.case.community_id, case=move.case, reason=note.strip(), actor=by.actor, at=move.now
    )
    case = finish(move, note=note)
    inform_accounts(case, accounts_in_role(case.community_id, Role.STREET_OFFICER), title="社区上报", body=note.strip())
    inform_reporters(case, title="已上报街道", body="社区自身解决不了，已报街道协调，有结果会告诉您。")
    return case


@transaction.atomic
def reply_from_street(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """街道回执: what the street arranged or decided; the community works on."""
    move = begin(by=by, case_id=case_id, step=Step.STREET_REPLY, note=note, version=version)
    row = CaseEscalation.objects.select_for_update().filter(case=move.case, replied_at=None).first()
    if row is None:
        raise RuleBroken("not_escalated", "这件诉求没有等待回执的上报。")
    row.reply, row.replied_by, row.replied_at = note.strip(), by.actor, move.now
    row.save()
    case = finish(move, note=note)
    inform_handlers(case, title="街道已回执", body=note.strip())
    inform_accounts(case, accounts_in_role(case.community_id, Role.SECRETARY), title="街道已回执", body=note.strip())
    inform_reporters(case, title="街道有了回复", body=note.strip())
    return case


@transaction.atomic
def urge_case(*, by: Viewer, case_id: UUID, note: str = "", version: int | None = None) -> Case:
    """催办: counted, and the handlers are told. The same person may urge once an hour."""
    move = begin(by=by, case_id=case_id, step=Step.URGE, note=note, version=version)
    lately = CaseStep.objects.filter(case=move.case, step=Step.URGE, actor=by.actor, at__gt=move.now - URGE_PAUSE)
    if lately.exists() and not by.is_system:
        raise RuleBroken("urged_lately", "一小时内已经催过一次，办理人已收到。")
    move.case.urge_count += 1
    case = finish(move, note=note, data={"by_reporter": Who.REPORTER in move.who})
    inform_handlers(case, title="催办", body=note or "请尽快办理。")
    return case


@transaction.atomic
def supervise_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """督办: the secretary or the street keeps an eye on it until its end."""
    move = begin(by=by, case_id=case_id, step=Step.SUPERVISE, note=note, version=version)
    move.case.is_supervised = True
    case = finish(move, note=note)
    inform_handlers(case, title="督办", body=note.strip())
    return case
