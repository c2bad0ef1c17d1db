"""Facts that the volunteers announce."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fuhui.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class HoursCounted(Event):
    """Approved hours of a shift stood their notice and are in the book."""

    shift_id: UUID
    record_id: UUID
