"""A clock that stands still where the story is: the actions ask it instead of the computer's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils import timezone


class Clock:
    """The moment that `timezone.now()` answers; it only goes forward."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Where the story is."""
        return self.moment

    def set(self, moment: datetime) -> None:
        """The story goes on. An earlier moment is ignored: what was written stays written before."""
        self.moment = max(self.moment, moment)


@contextmanager
def frozen_clock(moment: datetime) -> Iterator[Clock]:
    """Inside the block `django.utils.timezone.now` answers the yielded clock's moment, also where a field's default
    has taken hold of the function already. The database's own clock (the audit's) keeps telling the real time."""
    clock, real = Clock(moment), timezone.now
    _point(real, clock.now)
    try:
        yield clock
    finally:
        _point(clock.now, real)


def _point(old: Callable[[], datetime], new: Callable[[], datetime]) -> None:
    setattr(timezone, "now", new)  # noqa: B010 - a module's function
    for model in apps.get_models():
        for field in model._meta.fields:
            found: Any = field
            if found.default == old:
                found.default = new
                found.__dict__.pop("_get_default", None)  # remembered by Django since its first use
