"""Facts that the wishes announce."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fuhui.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class WishOpened(Event):
    """A wish passed moderation and is on the wall."""

    wish_id: UUID


@dataclass(frozen=True, kw_only=True)
class WishClaimed(Event):
    """Somebody took on one or more parts of a wish."""

    wish_id: UUID
    claim_id: UUID


@dataclass(frozen=True, kw_only=True)
class WishFulfilled(Event):
    """The last part of a wish was confirmed."""

    wish_id: UUID
