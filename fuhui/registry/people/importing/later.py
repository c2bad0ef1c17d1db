"""Hands long work to the queue. `jobs.py` says how; actions, which lie below it, only name the work."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Defer = Callable[[UUID, UUID], None]
_known: dict[str, Defer] = {}


def known(name: str, defer: Defer) -> None:
    """Registers how work of this name is queued (community, batch)."""
    _known[name] = defer


def queue(name: str, community_id: UUID, batch_id: UUID) -> None:
    """Queues work in the current transaction."""
    _known[name](community_id, batch_id)
