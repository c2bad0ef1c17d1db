"""Facts that the cases room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fuhui.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseReceived(Event):
    """A case was entered and its first answer stored."""

    case_id: UUID
    priority: str
    is_urgent: bool


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    """A step was taken; `state_from` equals `state_to` when the state stayed."""

    case_id: UUID
    step: str
    state_from: str
    state_to: str
    actor: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """A case ended as closed, with the call-back's judgement where there was one."""

    case_id: UUID
    is_solved: bool | None
    satisfaction: str
