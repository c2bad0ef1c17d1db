"""The end of a case: check, call-back, close, reopen, answer at once, refuse, archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from fuhui.domains.cases.actions.informing import inform_handlers, inform_reporters
from fuhui.domains.cases.actions.moving import Move, begin, finish
from fuhui.domains.cases.events import CaseClosed
from fuhui.domains.cases.models import Case, CaseRating
from fuhui.domains.cases.rules.states import State, Step, Who
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.viewers import Viewer

REOPEN_DAYS = 30
SATISFACTION = ("very", "fairly", "not")


@dataclass(frozen=True)
class Judgement:
    """What the resident said at the call-back. `reached` False: nobody answered, nothing is judged."""

    reached: bool = True
    is_solved: bool | None = None
    satisfaction: str = ""
    words: str = ""


@transaction.atomic
def pass_check(*, by: Viewer, case_id: UUID, note: str = "", version: int | None = None) -> Case:
    """核查通过: the work was looked at; now the resident is asked."""
    case = finish(begin(by=by, case_id=case_id, step=Step.PASS_CHECK, note=note, version=version), note=note)
    inform_reporters(case, title="请您评价", body="这件事办得怎么样？点开可以选择满意或不满意。")
    return case


@transaction.atomic
def fail_check(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """核查退回: not done as said; back to the handler."""
    move = begin(by=by, case_id=case_id, step=Step.FAIL_CHECK, note=note, version=version)
    move.case.solved_at = None
    case = finish(move, note=note)
    inform_handlers(case, title="核查未通过", body=note.strip())
    return case


@transaction.atomic
def call_back(*, by: Viewer, case_id: UUID, judgement: Judgement, version: int | None = None) -> Case:
    """回访: solved and satisfied closes; unsolved or not satisfied sends it back to be worked on again
    (济南市12345条例 art 27). Nobody reached is written down and leaves the case waiting."""
    move = begin(by=by, case_id=case_id, step=Step.CALL_BACK, version=version)
    _check(judgement)
    CaseRating.objects.create(
        community_id=move.case.community_id,
        case=move.case,
        at=move.now,
        actor=by.actor,
        reached=judgement.reached,
        is_solved=judgement.is_solved,
        satisfaction=judgement.satisfaction,
        words=judgement.words.strip(),
    )
    data: dict[str, object] = {
        "reached": judgement.reached,
        "solved": judgement.is_solved,
        "satisfaction": judgement.satisfaction,
    }
    if not judgement.reached:
        return finish(move, note=judgement.words, data=data, to=State.CALL_BACK)
    if judgement.is_solved and judgement.satisfaction != "not":
        return _closed(move, judgement, data)
    return _worked_again(move, judgement, data)


@transaction.atomic
def close_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """办结 without a judgement, with the reason (for example: three calls, nobody reached)."""
    case = finish(begin(by=by, case_id=case_id, step=Step.CLOSE, note=note, version=version), note=note)
    publish(CaseClosed(community_id=case.community_id, case_id=case.id, is_solved=None, satisfaction=""))
    return case


@transaction.atomic
def reopen_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """重新办理: within 30 days of closing, by who raised it or the desk."""
    move = begin(by=by, case_id=case_id, step=Step.REOPEN, note=note, version=version)
    ended = move.case.ended_at
    if ended and move.now - ended > timedelta(days=REOPEN_DAYS):
        raise RuleBroken("reopen_late", f"办结已超过 {REOPEN_DAYS} 天，请重新反映一件，会自动关联这次的记录。")
    _open_again(move)
    case = finish(move, note=note)
    inform_handlers(case, title="居民要求重新办理", body=note.strip())
    return case


@transaction.atomic
def answer_now(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """即时答复: what can be answered on the spot is answered and closed."""
    move = begin(by=by, case_id=case_id, step=Step.ANSWER_NOW, note=note, version=version)
    move.case.reply, move.case.solved_at = note.strip(), move.now
    case = finish(move, note=note)
    inform_reporters(case, title="社区答复了您", body=note.strip(), but=by.account_id)
    publish(CaseClosed(community_id=case.community_id, case_id=case.id, is_solved=True, satisfaction=""))
    return case


@transaction.atomic
def refuse_case(*, by: Viewer, case_id: UUID, note: str, channel: str, version: int | None = None) -> Case:
    """不予受理: with the reason and the legal channel to go to instead (潍坊市12345条例 art 19)."""
    if not channel.strip():
        raise BadInput("channel_missing", "请写明居民可以去哪里办（部门、电话或窗口）。", field="channel")
    move = begin(by=by, case_id=case_id, step=Step.REFUSE, note=note, version=version)
    move.case.reply = f"{note.strip()} 您可以：{channel.strip()}"
    case = finish(move, note=note, data={"channel": channel.strip()})
    inform_reporters(case, title="这件事社区不能受理", body=case.reply, but=by.account_id)
    return case


@transaction.atomic
def archive_case(*, by: Viewer, case_id: UUID) -> Case:
    """归档: an ended case becomes part of the file; nothing changes it afterwards."""
    return finish(begin(by=by, case_id=case_id, step=Step.ARCHIVE))


def _check(judgement: Judgement) -> None:
    if not judgement.reached:
        if judgement.is_solved is not None or judgement.satisfaction:
            raise BadInput("judged_unreached", "没有联系上居民时，不能填写评价。")
        return
    if judgement.is_solved is None or judgement.satisfaction not in SATISFACTION:
        raise BadInput("judgement_missing", "请选择是否解决，以及满意、基本满意或不满意。", field="satisfaction")


def _closed(move: Move, judgement: Judgement, data: dict[str, object]) -> Case:
    case = finish(move, note=judgement.words, data=data)
    publish(
        CaseClosed(community_id=case.community_id, case_id=case.id, is_solved=True, satisfaction=judgement.satisfaction)
    )
    return case


def _worked_again(move: Move, judgement: Judgement, data: dict[str, object]) -> Case:
    _open_again(move)
    case = finish(move, note=judgement.words, data=data, to=State.HANDLING)
    inform_handlers(case, title="回访不满意，请重新办理", body=judgement.words or "居民不满意。")
    return case


def _open_again(move: Move) -> None:
    move.case.reopen_count += 1
    move.case.solved_at = None
    if Who.REPORTER in move.who:
        move.case.is_supervised = move.case.is_supervised or move.case.reopen_count > 1
