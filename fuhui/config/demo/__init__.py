"""The demo community 福惠社区 with four neighbours: everything invented, the same every time, made through the real
actions under a clock that stands where the story is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fuhui.config.demo.roster import ACCOUNTS, CODE, PASSWORD

Progress = Callable[[str, int, int], None]

__all__ = ["ACCOUNTS", "CODE", "PASSWORD", "Progress", "is_loaded", "load_demo"]


def is_loaded() -> bool:
    """True when the demo community is open in this database. Needs django.setup()."""
    from fuhui.registry.places.queries import community_by_code
    from fuhui.shared.errors import NotFound

    try:
        community_by_code(CODE)
    except NotFound:
        return False
    return True


def load_demo(progress: Progress, *, now: datetime | None = None) -> None:
    """Builds the whole demo into a migrated, empty database; `progress` hears (what, done, total).

    The same for the same day: texts, places, people, states and counts depend on the day of `now` only (a day begins
    at six), the times of that day's own events also on its hour, so that nothing lies in the future.
    """
    from fuhui.config.demo.loading import load

    load(progress, now=now)
