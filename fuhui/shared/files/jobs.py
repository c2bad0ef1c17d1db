"""Keeping the disk clean."""

from __future__ import annotations

import time
from uuid import UUID

from fuhui.shared.files.actions import remove_orphans
from fuhui.shared.jobs import every, for_each_community

_ONE_DAY = 24 * 3600.0


@every("25 4 * * *", "files.remove_orphans")
def clean() -> None:
    """Removes files whose row was never committed."""
    for_each_community(_clean_one)


def _clean_one(community_id: UUID) -> None:
    remove_orphans(community_id=community_id, before=time.time() - _ONE_DAY)
