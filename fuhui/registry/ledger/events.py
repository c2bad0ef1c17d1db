"""Facts that the book announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fuhui.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class ServiceWritten(Event):
    """A service record was written; a re-sent one is not announced again."""

    record_id: UUID
    source: str
    key: str


@dataclass(frozen=True, kw_only=True)
class ServiceReversed(Event):
    """A service record was reversed by another one."""

    record_id: UUID
    reversal_id: UUID
    source: str
    key: str
