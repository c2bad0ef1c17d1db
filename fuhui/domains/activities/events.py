"""Facts that the activities announce."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fuhui.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class ActivityPublished(Event):
    """Sign-up is open."""

    activity_id: UUID


@dataclass(frozen=True, kw_only=True)
class ActivityClosed(Event):
    """The activity is in the book."""

    activity_id: UUID
    attendances: int


@dataclass(frozen=True, kw_only=True)
class ActivityCancelled(Event):
    """It will not take place; everybody who signed up was told."""

    activity_id: UUID
