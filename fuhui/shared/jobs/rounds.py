"""Doing something for each community, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from fuhui.shared.tenancy.scope import acting, current
from fuhui.shared.viewers import system

log = logging.getLogger(__name__)


class RoundFailed(Exception):
    """Some communities of a round failed; the message names them, the others are done."""


def community_ids() -> list[UUID]:
    """Every community of this installation. Names and ids of communities are public."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM places_community ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def for_each_community(task: Callable[[UUID], None], *, name: str = "") -> None:
    """Calls `task(community_id)` in the scope of each community, as the running job (or `name`).

    One community's failure does not keep the others from their turn: raises RoundFailed at the end.
    """
    who = name or current().name or getattr(task, "__name__", "round")
    failed = [community for community in community_ids() if not _one(task, community, who)]
    if failed:
        raise RoundFailed(f"{who}: {len(failed)} 个社区没有完成：{', '.join(map(str, failed))}")


def _one(task: Callable[[UUID], None], community: UUID, who: str) -> bool:
    try:
        with acting(system(who, community)):
            task(community)
    except Exception:
        log.exception("%s failed for community %s", who, community)
        return False
    return True
