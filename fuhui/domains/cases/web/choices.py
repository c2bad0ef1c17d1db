"""Which steps the case page offers first, which below, and which are shut for now, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from fuhui.domains.cases.permissions import CaseFacts, step_choices
from fuhui.domains.cases.rules.states import STEP_NAMES, TRANSITIONS, State, Step, Who

# One tap, without a page between: nothing has to be said.
ONE_TAP = frozenset({Step.ACCEPT, Step.PASS_CHECK, Step.RESUME})
_FIRST: dict[State, tuple[Step, ...]] = {
    State.SUBMITTED: (Step.ACCEPT, Step.ASSIGN, Step.ANSWER_NOW),
    State.ACCEPTED: (Step.ASSIGN, Step.VERIFY, Step.REPLY),
    State.DISPATCH: (Step.ASSIGN, Step.DECIDE_OBJECTION, Step.REPLY),
    State.HANDLING: (Step.SOLVE, Step.REPLY, Step.HAND_OVER),
    State.WAITING: (Step.RESIDENT_ANSWERS, Step.RESUME),
    State.SUSPENDED: (Step.RESUME, Step.REPLY),
    State.ESCALATED: (Step.STREET_REPLY, Step.WHISTLE, Step.REPLY),
    State.CHECKING: (Step.PASS_CHECK, Step.FAIL_CHECK),
    State.CALL_BACK: (Step.CALL_BACK, Step.CLOSE),
    State.CLOSED: (Step.PUBLISH, Step.REOPEN),
    State.REFUSED: (Step.REPLY, Step.ARCHIVE),
    State.MERGED: (Step.UNMERGE,),
}
# Done by who raised it, on their own page; a colleague who raised it herself does it there too.
REPORTERS_OWN = frozenset(step for step, row in TRANSITIONS.items() if row.who == {Who.REPORTER})
_DANGER = frozenset({Step.REFUSE, Step.FAIL_CHECK, Step.UNMERGE, Step.UNPUBLISH})


class StepButton(NamedTuple):
    """One step as a button or a link."""

    label: str
    href: str
    one_tap: bool
    tone: str
    key: str


class Closed(NamedTuple):
    """A step that is not possible now, and why."""

    label: str
    reason: str


class Choices(NamedTuple):
    """Buttons of the case page."""

    first: list[StepButton]
    more: list[StepButton]
    shut: list[Closed]
    who: str


def choices(
    who: frozenset[Who], case: CaseFacts, *, open_requests: Iterable[Step] = (), impossible: Iterable[Step] = ()
) -> Choices:
    """Buttons for what a viewer may do. `open_requests` come first (a decision that waits); `impossible` are
    steps that make no sense on this case (nothing to decide, nobody whistled) and are left out."""
    left_out, waiting = {*impossible, *REPORTERS_OWN}, list(open_requests)
    known = [(step, decision) for step, decision in step_choices(who, case) if step not in left_out]
    allowed = [step for step, decision in known if decision.allowed]
    wanted = [*waiting, *_FIRST.get(State(case.state), ())]
    first = [step for step in dict.fromkeys(wanted) if step in allowed][:3]
    more = [step for step in allowed if step not in first]
    return Choices(
        first=[_button(case.id, step, position) for position, step in enumerate(first)],
        more=[_button(case.id, step, 9) for step in more],
        shut=[Closed(STEP_NAMES[step], decision.message) for step, decision in known if not decision.allowed],
        who="",
    )


def buttons_html(buttons: Iterable[StepButton]) -> SafeString:
    """Steps as small links: twenty of them, on every case page."""
    return mark_safe("".join(map(_small, buttons)))  # noqa: S308 - every part is our own


def _small(one: StepButton) -> str:
    key = f' data-key="{one.key}"' if one.key else ""
    return f'<a class="button" data-size="small" data-tone="{one.tone}" href="{one.href}"{key}>{one.label}</a>'


def _button(case_id: UUID, step: Step, position: int) -> StepButton:
    key = "a" if position == 0 else ("m" if step is Step.MERGE else "")
    tone = "danger" if step in _DANGER else ("primary" if position == 0 else "quiet")
    return StepButton(STEP_NAMES[step], f"/cases/{case_id}/step/{step}/", step in ONE_TAP and position < 3, tone, key)
