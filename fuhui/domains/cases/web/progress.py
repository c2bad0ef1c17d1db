"""The way of a case as parcel tracking: the stages it went through, where it stands, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from fuhui.domains.cases.rules.states import ENDED, STATE_NAMES, State
from fuhui.shared.ui.format import when
from fuhui.shared.ui.shapes import Step, step

Passed = Sequence[tuple[State, datetime]]

_STAGES: tuple[tuple[str, frozenset[State]], ...] = (
    ("收到", frozenset({State.SUBMITTED})),
    ("受理", frozenset({State.ACCEPTED, State.DISPATCH})),
    ("办理", frozenset({State.HANDLING, State.WAITING, State.SUSPENDED, State.ESCALATED})),
    ("核查", frozenset({State.CHECKING})),
    ("回访", frozenset({State.CALL_BACK})),
    ("办结", frozenset({State.CLOSED, State.ARCHIVED})),
)
_SIDE_ENDS = {State.REFUSED: "不予受理", State.MERGED: "已并案"}
_SAID = frozenset({State.WAITING, State.SUSPENDED, State.ESCALATED, State.DISPATCH})


def progress(state: State, passed: Passed, *, late: bool = False, notes: Mapping[str, str] | None = None) -> list[Step]:
    """The stages; `passed` are the states entered so far, oldest first, `notes` words by stage's name."""
    said = notes or {}
    if state in _SIDE_ENDS:
        came = [_done(label, passed, states, said) for label, states in _STAGES[:-1] if _entered(passed, states)]
        at = _entered(passed, frozenset({state}))
        return [*came, step(_SIDE_ENDS[state], "done", when(at), said.get(_SIDE_ENDS[state], ""))]
    here = next(position for position, (_, states) in enumerate(_STAGES) if state in states)
    return [
        found
        for position, (label, states) in enumerate(_STAGES)
        if (found := _stage(position, here, label, states, passed, state, said, late=late))
    ]


def _stage(
    position: int,
    here: int,
    label: str,
    states: frozenset[State],
    passed: Passed,
    state: State,
    notes: Mapping[str, str],
    *,
    late: bool,
) -> Step | None:
    at = _entered(passed, states)
    if position < here:
        return _done(label, passed, states, notes) if at or state not in ENDED else None
    if position > here:
        return step(label, "todo")
    if state in ENDED:
        return _done(label, passed, states, notes)
    note = notes.get(label, "") or (STATE_NAMES[state] if state in _SAID else "")
    return step(label, "late" if late else "now", when(_last(passed, states)), note)


def _done(label: str, passed: Passed, states: frozenset[State], notes: Mapping[str, str]) -> Step:
    return step(label, "done", when(_entered(passed, states)), notes.get(label, ""))


def _entered(passed: Passed, states: frozenset[State]) -> datetime | None:
    return next((at for state, at in passed if state in states), None)


def _last(passed: Passed, states: frozenset[State]) -> datetime | None:
    return next((at for state, at in reversed(passed) if state in states), None)
