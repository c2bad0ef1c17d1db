"""The workflow of a case as one table. Every arrow is written to the append-only history (`CaseStep`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands. The names are those of the hotline flow 受理→派单→办理→核查→回访→办结."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    WAITING = "waiting"
    SUSPENDED = "suspended"
    ESCALATED = "escalated"
    CHECKING = "checking"
    CALL_BACK = "call_back"
    CLOSED = "closed"
    REFUSED = "refused"
    MERGED = "merged"
    ARCHIVED = "archived"


STATE_NAMES: dict[State, str] = {
    State.SUBMITTED: "待受理",
    State.ACCEPTED: "已受理，待核实",
    State.DISPATCH: "待派单",
    State.HANDLING: "办理中",
    State.WAITING: "等居民补充",
    State.SUSPENDED: "挂账",
    State.ESCALATED: "已上报街道",
    State.CHECKING: "待核查",
    State.CALL_BACK: "待回访",
    State.CLOSED: "已办结",
    State.REFUSED: "不予受理",
    State.MERGED: "已并案",
    State.ARCHIVED: "已归档",
}

OPEN = frozenset(
    {
        State.SUBMITTED,
        State.ACCEPTED,
        State.DISPATCH,
        State.HANDLING,
        State.WAITING,
        State.SUSPENDED,
        State.ESCALATED,
        State.CHECKING,
        State.CALL_BACK,
    }
)
PAUSED = frozenset({State.WAITING, State.SUSPENDED})
ENDED = frozenset(State) - OPEN


class Step(StrEnum):
    """What somebody did to a case."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    VERIFY = "verify"
    ASSIGN = "assign"
    HAND_OVER = "hand_over"
    ADD_HELPER = "add_helper"
    OBJECT = "object"
    DECIDE_OBJECTION = "decide_objection"
    REQUEST_EXTENSION = "request_extension"
    DECIDE_EXTENSION = "decide_extension"
    ASK_RESIDENT = "ask_resident"
    RESIDENT_ADDS = "resident_adds"
    RESIDENT_ANSWERS = "resident_answers"
    SUSPEND = "suspend"
    RESUME = "resume"
    WHISTLE = "whistle"
    WHISTLE_REPLY = "whistle_reply"
    ESCALATE = "escalate"
    STREET_REPLY = "street_reply"
    SOLVE = "solve"
    PASS_CHECK = "pass_check"
    FAIL_CHECK = "fail_check"
    CALL_BACK = "call_back"
    CLOSE = "close"
    REOPEN = "reopen"
    ANSWER_NOW = "answer_now"
    REFUSE = "refuse"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    URGE = "urge"
    SUPERVISE = "supervise"
    REPLY = "reply"
    NOTE = "note"
    CORRECT = "correct"
    ADD_PHOTO = "add_photo"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ARCHIVE = "archive"


class Who(StrEnum):
    """Kinds of actor in relation to one case; `permissions.relations` finds which a viewer is."""

    DESK = "desk"  # grid worker of its grid, community staff, secretary
    HANDLER = "handler"  # lead or helper, by account or by organisation
    SECRETARY = "secretary"
    STREET = "street"  # street officer of its street
    REPORTER = "reporter"
    SYSTEM = "system"


WHO_NAMES = {
    Who.DESK: "社区工作人员",
    Who.HANDLER: "办理人",
    Who.SECRETARY: "社区书记",
    Who.STREET: "街道干部",
    Who.REPORTER: "反映人",
    Who.SYSTEM: "系统",
}


@dataclass(frozen=True)
class Transition:
    """One row of the workflow: `to` None keeps the state; `public` steps are shown to the reporter;
    `needs_note` steps need a reason in words."""

    name: str
    sources: frozenset[State]
    to: State | None
    who: frozenset[Who]
    needs_note: bool = False
    public: bool = True


_S, _W = State, Who
_DESK = frozenset({_W.DESK, _W.SYSTEM})
_WORKERS = frozenset({_W.DESK, _W.HANDLER, _W.SYSTEM})
_INTAKE = frozenset({_S.SUBMITTED, _S.ACCEPTED, _S.DISPATCH})
_ACTIVE = frozenset({_S.HANDLING, _S.WAITING, _S.SUSPENDED, _S.ESCALATED})


def _row(
    name: str,
    sources: frozenset[State] | set[State],
    to: State | None,
    who: frozenset[Who] | set[Who],
    *,
    needs_note: bool = False,
    public: bool = True,
) -> Transition:
    return Transition(name, frozenset(sources), to, frozenset(who), needs_note, public)


# fmt: off
TRANSITIONS: dict[Step, Transition] = {
    # step                       name          from                      to             who
    Step.ACCEPT:            _row("受理",       {_S.SUBMITTED},           _S.ACCEPTED,   _DESK),
    Step.VERIFY:            _row("核实",       {_S.SUBMITTED, _S.ACCEPTED}, _S.DISPATCH, _DESK),
    Step.ASSIGN:            _row("派单",       _INTAKE,                  _S.HANDLING,   _DESK),
    Step.HAND_OVER:         _row("转办",       {_S.HANDLING},            _S.HANDLING,   _WORKERS, needs_note=True),
    Step.ADD_HELPER:        _row("增加协办",   {_S.HANDLING, _S.ESCALATED}, None,       _WORKERS),
    Step.OBJECT:            _row("退回异议",   {_S.HANDLING},            _S.DISPATCH,   {_W.HANDLER}, needs_note=True,
                                 public=False),
    Step.DECIDE_OBJECTION:  _row("裁定异议",   {_S.DISPATCH},            _S.HANDLING,   {_W.SECRETARY}, needs_note=True,
                                 public=False),
    Step.REQUEST_EXTENSION: _row("申请延期",   {_S.HANDLING, _S.ESCALATED}, None,       _WORKERS, needs_note=True,
                                 public=False),
    Step.DECIDE_EXTENSION:  _row("审核延期",   {_S.HANDLING, _S.ESCALATED}, None,       {_W.SECRETARY}),
    Step.ASK_RESIDENT:      _row("请居民补充", {_S.ACCEPTED, _S.HANDLING}, _S.WAITING,  _WORKERS, needs_note=True),
    Step.RESIDENT_ADDS:     _row("补充情况",   OPEN - {_S.WAITING},      None,          {_W.REPORTER}, needs_note=True),
    Step.RESIDENT_ANSWERS:  _row("居民补充",   {_S.WAITING},             _S.HANDLING,   {_W.REPORTER, _W.DESK, _W.HANDLER},
                                 needs_note=True),
    Step.SUSPEND:           _row("挂账",       {_S.HANDLING},            _S.SUSPENDED,  {_W.SECRETARY}, needs_note=True),
    Step.RESUME:            _row("恢复办理",   {_S.WAITING, _S.SUSPENDED}, _S.HANDLING, _WORKERS),
    Step.WHISTLE:           _row("吹哨",       {_S.HANDLING, _S.ESCALATED}, None,       {_W.DESK, _W.STREET},
                                 needs_note=True),
    Step.WHISTLE_REPLY:     _row("报到回复",   {_S.HANDLING, _S.ESCALATED}, None,       {_W.DESK, _W.HANDLER, _W.STREET},
                                 needs_note=True),
    Step.ESCALATE:          _row("上报街道",   _INTAKE | {_S.HANDLING},  _S.ESCALATED,  _WORKERS, needs_note=True),
    Step.STREET_REPLY:      _row("街道回执",   {_S.ESCALATED},           _S.HANDLING,   {_W.STREET}, needs_note=True),
    Step.SOLVE:             _row("办结待核",   {_S.HANDLING},            _S.CHECKING,   _WORKERS, needs_note=True),
    Step.PASS_CHECK:        _row("核查通过",   {_S.CHECKING},            _S.CALL_BACK,  _DESK),
    Step.FAIL_CHECK:        _row("核查退回",   {_S.CHECKING},            _S.HANDLING,   _DESK, needs_note=True),
    Step.CALL_BACK:         _row("回访",       {_S.CALL_BACK},           _S.CLOSED,     {_W.DESK, _W.REPORTER, _W.SYSTEM}),
    Step.CLOSE:             _row("办结",       {_S.CALL_BACK},           _S.CLOSED,     _DESK, needs_note=True),
    Step.REOPEN:            _row("重新办理",   {_S.CLOSED, _S.CALL_BACK}, _S.HANDLING,  {_W.DESK, _W.REPORTER},
                                 needs_note=True),
    Step.ANSWER_NOW:        _row("即时答复",   _INTAKE,                  _S.CLOSED,     _DESK, needs_note=True),
    Step.REFUSE:            _row("不予受理",   _INTAKE,                  _S.REFUSED,    _DESK, needs_note=True),
    Step.MERGE:             _row("并案",       _INTAKE | _ACTIVE,        _S.MERGED,     _DESK),
    Step.UNMERGE:           _row("撤销并案",   {_S.MERGED},              _S.ACCEPTED,   _DESK, needs_note=True),
    Step.SPLIT:             _row("拆分",       _INTAKE | _ACTIVE,        None,          _DESK),
    Step.URGE:              _row("催办",       OPEN,                     None,          {_W.DESK, _W.STREET, _W.REPORTER, _W.SYSTEM}),
    Step.SUPERVISE:         _row("督办",       OPEN,                     None,          {_W.SECRETARY, _W.STREET}, needs_note=True),
    Step.REPLY:             _row("答复居民",   frozenset(State) - {_S.ARCHIVED}, None,  _WORKERS | {_W.STREET}, needs_note=True),
    Step.NOTE:              _row("备注",       frozenset(State),         None,          _WORKERS | {_W.STREET}, needs_note=True,
                                 public=False),
    Step.CORRECT:           _row("更正",       OPEN,                     None,          _DESK, public=False),
    Step.ADD_PHOTO:         _row("添加照片",   OPEN | {_S.CLOSED},       None,          _WORKERS | {_W.REPORTER}),
    Step.PUBLISH:           _row("公开",       {_S.CLOSED, _S.ARCHIVED}, None,          {_W.DESK}, public=False),
    Step.UNPUBLISH:         _row("撤回公开",   {_S.CLOSED, _S.ARCHIVED}, None,          {_W.DESK}, needs_note=True, public=False),
    Step.ARCHIVE:           _row("归档",       {_S.CLOSED, _S.REFUSED},  _S.ARCHIVED,   {_W.SECRETARY, _W.SYSTEM}, public=False),
}
# fmt: on

STEP_NAMES: dict[Step, str] = {Step.SUBMIT: "反映", **{step: row.name for step, row in TRANSITIONS.items()}}


def steps_from(state: State, who: frozenset[Who]) -> list[Step]:
    """The steps that actors of these kinds may take from a state, in the table's order."""
    return [step for step, row in TRANSITIONS.items() if state in row.sources and row.who & who]


def next_state(step: Step, state: State) -> State:
    """The state after a step; the caller has checked that the step is allowed from `state`."""
    return TRANSITIONS[step].to or state
