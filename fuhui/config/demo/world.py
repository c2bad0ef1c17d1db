"""What the stories need to know: communities with their places, people at work and units, and who acts how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fuhui.shared.calendar.queries import load_calendar
from fuhui.shared.calendar.rules import USUAL_PERIODS, reckon
from fuhui.shared.tenancy.scope import enter
from fuhui.shared.viewers import Viewer, system

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 92
DAY_BEGINS, FIRST_TODAY, LAST_TODAY = timedelta(hours=6), time(5, 30), time(16, 40)

P = ParamSpec("P")
R = TypeVar("R")


class Block(NamedTuple):
    """A building as stories name it."""

    id: UUID
    grid_id: UUID
    grid: int
    area: str
    number: int
    units: int
    floors: int


@dataclass
class Town:
    """One community of the demo. Viewers by user name; units by short name."""

    id: UUID
    code: str
    name: str
    blocks: list[Block] = field(default_factory=list)
    groups: dict[int, str] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)
    secretary: Viewer = field(default_factory=Viewer)
    staff: list[Viewer] = field(default_factory=list)
    workers: dict[int, Viewer] = field(default_factory=dict)
    street: Viewer = field(default_factory=Viewer)
    leaders: dict[str, Viewer] = field(default_factory=dict)
    resident: Viewer | None = None

    def system(self) -> Viewer:
        """The loader acting inside this community."""
        return system("demo", self.id)


def act(by: Viewer, action: Callable[..., R], /, **arguments: Any) -> R:
    """Runs an action as this viewer, in this viewer's scope."""
    enter(by)
    return action(by=by, **arguments)


@dataclass(frozen=True)
class Span:
    """The demo's days: the last one, the real moment of loading, and how that day's own events are fitted before it."""

    last: date
    now: datetime

    @classmethod
    def ending(cls, now: datetime) -> Span:
        """The span whose last day is that of `now`; before six o'clock it is still yesterday's."""
        return cls((now.astimezone(ZONE) - DAY_BEGINS).date(), now)

    @property
    def first(self) -> date:
        """The day on which the community starts working with the system."""
        return self.last - timedelta(days=DAYS)

    @property
    def end(self) -> datetime:
        """The last moment of the story, before it is fitted."""
        return datetime.combine(self.last, LAST_TODAY, ZONE)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment on Shanghai's clock."""
        return datetime.combine(day, time(hour, minute), ZONE)

    def fitted(self, moment: datetime) -> datetime:
        """The same moment, or for the last day one moved up in proportion so that nothing lies after `now`."""
        begin = datetime.combine(self.last, FIRST_TODAY, ZONE)
        room = self.now - timedelta(minutes=2) - begin
        if moment <= begin or room >= self.end - begin:
            return moment
        return begin + (moment - begin) * (room / (self.end - begin))


def later(begin: datetime, minutes: float) -> datetime:
    """So many working minutes after `begin`."""
    return reckon(begin, max(1, int(minutes)), clock="working", calendar=load_calendar(), periods=USUAL_PERIODS).due


def awake(begin: datetime, minutes: float) -> datetime:
    """So many minutes later, but not at night: between seven and half past nine."""
    moment = begin + timedelta(minutes=minutes)
    if moment.hour < 7:
        return moment.replace(hour=7, minute=moment.minute % 50)
    if moment.hour >= 22:
        return (moment + timedelta(days=1)).replace(hour=7, minute=moment.minute % 50)
    return moment


def is_office_time(moment: datetime) -> bool:
    """True on a working day between half past eight and half past five."""
    return load_calendar().is_working(moment.date()) and time(8, 30) <= moment.time() <= time(17, 30)


def pick(rng: Random, chance: float) -> bool:
    """True with this chance."""
    return rng.random() < chance
