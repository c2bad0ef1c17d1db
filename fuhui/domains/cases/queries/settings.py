"""The community's own settings that cases need, kept in the process for a few seconds."""

from __future__ import annotations

import time as clock
from datetime import time
from functools import lru_cache
from uuid import UUID

from fuhui.registry.places.queries import code_of_community, community_settings
from fuhui.shared.calendar.rules import Periods

KEEP_SECONDS = 5.0
DEFAULT_PERIODS: Periods = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
_kept: dict[UUID, tuple[float, Periods]] = {}


@lru_cache(maxsize=512)
def community_code(community_id: UUID) -> str:
    """The 12-digit code that stands in public addresses of a community."""
    return code_of_community(community_id)


def working_periods(community_id: UUID) -> Periods:
    """Working periods of a working day, from the community's settings (`working_periods`: [["08:30","12:00"],…])."""
    now = clock.monotonic()
    kept = _kept.get(community_id)
    if kept and now - kept[0] < KEEP_SECONDS:
        return kept[1]
    stored = community_settings(community_id).get("working_periods")
    periods = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in stored) if stored else DEFAULT_PERIODS
    _kept[community_id] = (now, periods)
    return periods
