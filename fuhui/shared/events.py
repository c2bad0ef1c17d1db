"""Facts that a room announces. Reactions run inside the publishing transaction and only write rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense, holding ids and plain values only."""

    community_id: UUID


E = TypeVar("E", bound=Event)
Reaction = Callable[[Any], None]
_reactions: dict[type[Event], list[Reaction]] = defaultdict(list)


def on(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Registers a reaction to one kind of event. Called in the order of registration."""

    def register(reaction: Callable[[E], None]) -> Callable[[E], None]:
        _reactions[kind].append(reaction)
        return reaction

    return register


def publish(event: Event) -> None:
    """Runs the reactions now, in the caller's transaction: if one fails, the whole action fails."""
    for reaction in _reactions[type(event)]:
        reaction(event)


def heard(kind: type[Event]) -> bool:
    """Whether anybody reacts to this kind of event."""
    return bool(_reactions.get(kind))
