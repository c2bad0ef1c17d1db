"""Conditions of the community's own rules: who gets a case, how urgent it is. First match in order wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol, TypeVar
from uuid import UUID


@dataclass(frozen=True)
class Matter:
    """What rules look at: a case reduced to facts."""

    received_at: datetime
    category_codes: tuple[str, ...] = ()
    grid_id: UUID | None = None
    building_id: UUID | None = None
    text: str = ""
    priority: str = ""


@dataclass(frozen=True)
class Condition:
    """All parts that are set must hold. `weekdays` 1 Monday … 7 Sunday; `words`: any of them occurs.
    A time window whose end is before its start runs over midnight."""

    grid_ids: frozenset[UUID] = frozenset()
    building_ids: frozenset[UUID] = frozenset()
    category_codes: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    time_from: time | None = None
    time_to: time | None = None
    words: tuple[str, ...] = ()

    def holds(self, matter: Matter) -> bool:
        """True when the matter meets every part."""
        return (
            (not self.grid_ids or matter.grid_id in self.grid_ids)
            and (not self.building_ids or matter.building_id in self.building_ids)
            and (not self.category_codes or bool(self.category_codes & set(matter.category_codes)))
            and (not self.weekdays or matter.received_at.isoweekday() in self.weekdays)
            and _inside(matter.received_at.time(), self.time_from, self.time_to)
            and (not self.words or any(word in matter.text for word in self.words))
        )


class Rule(Protocol):
    """Anything with a condition."""

    @property
    def condition(self) -> Condition:
        """When the rule applies."""


R = TypeVar("R", bound=Rule)


def first_match(rules: Iterable[R], matter: Matter) -> R | None:
    """The first rule, in the given order, whose condition holds."""
    return next((rule for rule in rules if rule.condition.holds(matter)), None)


def _inside(moment: time, begin: time | None, end: time | None) -> bool:
    if begin is None or end is None:
        return True
    if begin <= end:
        return begin <= moment < end
    return moment >= begin or moment < end
