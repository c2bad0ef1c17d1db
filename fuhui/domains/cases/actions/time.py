"""Time of a case: resuming after a pause, extensions, and reckoning its dates anew."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fuhui.domains.cases.actions.informing import inform_accounts, inform_reporters
from fuhui.domains.cases.actions.moving import Move, begin, finish, next_due
from fuhui.domains.cases.models import Case, CaseExtension, CasePause
from fuhui.domains.cases.queries.rulebook import rulebook
from fuhui.domains.cases.queries.settings import working_periods
from fuhui.domains.cases.rules.clocks import Limit, Pace, Priority, Unit, clock_for
from fuhui.domains.cases.rules.deadlines import deadlines, extended
from fuhui.domains.cases.rules.states import Step
from fuhui.registry.accounts.queries.staff import accounts_in_role
from fuhui.shared.calendar.queries import load_calendar
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.viewers import Role, Viewer

LONGEST_EXTENSION_DAYS = 30


@transaction.atomic
def resident_answers(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """居民补充: the awaited words arrive and the clock goes on."""
    move = begin(by=by, case_id=case_id, step=Step.RESIDENT_ANSWERS, note=note, version=version)
    _end_pause(move)
    return finish(move, note=note)


@transaction.atomic
def resume_case(*, by: Viewer, case_id: UUID, note: str = "", version: int | None = None) -> Case:
    """恢复办理: work goes on after a pause."""
    move = begin(by=by, case_id=case_id, step=Step.RESUME, note=note, version=version)
    _end_pause(move)
    return finish(move, note=note)


@transaction.atomic
def request_extension(*, by: Viewer, case_id: UUID, days: int, note: str, version: int | None = None) -> Case:
    """申请延期: before expiry, with a reason, 1–30 working days, granted at most once."""
    move = begin(by=by, case_id=case_id, step=Step.REQUEST_EXTENSION, note=note, version=version)
    if not 1 <= days <= LONGEST_EXTENSION_DAYS:
        raise BadInput("extension_days", f"延期天数在 1 到 {LONGEST_EXTENSION_DAYS} 个工作日之间。", field="days")
    if move.now > move.case.close_due_at:
        raise RuleBroken("extension_late", "已经过了办结期限，不能再申请延期；请尽快办理并向居民说明。")
    earlier = set(
        CaseExtension.objects.filter(case=move.case, state__in=["asked", "granted"]).values_list("state", flat=True)
    )
    if earlier:
        raise RuleBroken(
            "extension_again", "已有一次延期申请在审核。" if "asked" in earlier else "每件诉求只能延期一次。"
        )
    CaseExtension.objects.create(
        community_id=move.case.community_id,
        case=move.case,
        reason=note.strip(),
        days=days,
        old_due_at=move.case.close_due_at,
        actor=by.actor,
        at=move.now,
    )
    case = finish(move, note=note, data={"days": days})
    inform_accounts(
        case, accounts_in_role(case.community_id, Role.SECRETARY), title="延期申请待审核", body=note.strip()
    )
    return case


@transaction.atomic
def decide_extension(*, by: Viewer, case_id: UUID, grant: bool, note: str = "", version: int | None = None) -> Case:
    """审核延期: by somebody other than who asked; the reporters are told either way of the date that holds
    (依法延期要说明: 北京市接诉即办工作条例 art 15)."""
    move = begin(by=by, case_id=case_id, step=Step.DECIDE_EXTENSION, note=note, version=version)
    row = CaseExtension.objects.select_for_update().filter(case=move.case, state="asked").first()
    if row is None:
        raise RuleBroken("no_extension", "没有等待审核的延期申请。")
    if row.actor == by.actor:
        raise RuleBroken("extension_own", "不能审核自己提出的延期申请，请由另一位书记审核。")
    if not grant and not note.strip():
        raise BadInput("note_missing", "不同意延期时，请写明原因。", field="note")
    row.state, row.decision = ("granted" if grant else "denied"), note.strip()
    row.decided_by, row.decided_at = by.actor, move.now
    if grant:
        row.new_due_at = _extend(move, row.days)
    row.save()
    case = finish(move, note=note, data={"granted": grant, "days": row.days}, public=grant)
    if grant:
        inform_reporters(case, title="办理期限有变化", body=f"原因：{row.reason}。新的期限请看诉求页。")
    return case


def reckon_case(case: Case) -> None:
    """Sets the dates of a case from its clock, the work-day table and its pauses. Does not save."""
    book = rulebook(case.community_id)
    category = book.by_id.get(case.category_id)
    clock = clock_for(Priority(case.priority), category.codes if category else (), book.clocks)
    pauses = list(CasePause.objects.filter(case=case).order_by("begin").values_list("begin", "end"))
    found = deadlines(
        case.received_at,
        clock,
        calendar=load_calendar(case.community_id),
        pauses=pauses,
        periods=working_periods(case.community_id),
    )
    case.pace = clock.pace
    case.reply_due_at, case.close_due_at = found.reply.due, found.close.due
    case.reckoning = {**found.facts(), "clock": _words(clock.reply, clock.close, clock.pace)}
    granted = CaseExtension.objects.filter(case=case, state="granted").first()
    if granted:
        _add_days(case, granted.days)
    case.due_at = next_due(case)


def _extend(move: Move, days: int) -> datetime:
    _add_days(move.case, days)
    return move.case.close_due_at


def _add_days(case: Case, days: int) -> None:
    calendar, periods = load_calendar(case.community_id), working_periods(case.community_id)
    longer = extended(case.close_due_at, days, calendar=calendar, periods=periods)
    case.close_due_at = longer.due
    case.reckoning = {
        **case.reckoning,
        "extension": {"days": days, "due": longer.due.isoformat(), "warnings": list(longer.warnings)},
    }


def _end_pause(move: Move) -> None:
    CasePause.objects.filter(case=move.case, end=None).update(end=move.now)
    reckon_case(move.case)


def _words(reply: Limit, close: Limit, pace: Pace) -> dict[str, object]:
    def amount(limit: Limit) -> str:
        if limit.unit is Unit.MINUTES:
            return f"{limit.amount // 60} 小时" if limit.amount % 60 == 0 else f"{limit.amount} 分钟"
        return f"{limit.amount} 个工作日" if pace is Pace.WORKING else f"{limit.amount} 天"

    return {"reply": amount(reply), "close": amount(close), "pace": pace.value}
