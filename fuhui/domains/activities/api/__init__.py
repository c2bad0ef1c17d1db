"""The API of the activities: the second door to the same actions as the pages'."""

from __future__ import annotations

from fuhui.domains.activities.api.attending import router
from fuhui.domains.activities.api.sports import router as sports

router.add_router("", sports)

__all__ = ["router"]
