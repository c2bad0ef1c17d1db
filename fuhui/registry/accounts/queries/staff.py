"""Who works where: names of staff, workers of a grid, accounts in a role. Kept a few seconds in the process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from fuhui.registry.accounts.models import RoleGrant
from fuhui.shared.viewers import DESK_ROLES, Role

KEEP_SECONDS = 5.0
_WORKING = sorted({*DESK_ROLES, Role.HEALTH_WORKER, Role.ORGANISATION_LEADER})


@dataclass(frozen=True)
class _Staff:
    names: dict[UUID, str]
    by_grid: dict[UUID, list[tuple[UUID, str]]]


_kept: dict[UUID, tuple[float, _Staff]] = {}


def staff_of(community_id: UUID) -> dict[UUID, str]:
    """Accounts that may work on this community's matters, with their names."""
    return _staff(community_id).names


def staff_member(community_id: UUID, account_id: UUID) -> str | None:
    """The name of one of them, or None for anybody else. Asks again before it says no."""
    return _staff(community_id).names.get(account_id) or _staff(community_id, fresh=True).names.get(account_id)


def workers_of_grid(community_id: UUID, grid_id: UUID) -> list[tuple[UUID, str]]:
    """The grid's workers (account, name), longest in office first."""
    return _staff(community_id).by_grid.get(grid_id, [])


def accounts_in_role(community_id: UUID, role: Role) -> list[UUID]:
    """Active accounts that hold a role in the community, street officers of its street included."""
    own = Q(community_id=community_id)
    if role is Role.STREET_OFFICER:
        own |= Q(region__children__community__id=community_id)
    rows = RoleGrant.objects.filter(own & _live(), role=role)
    return list(dict.fromkeys(rows.order_by("since", "id").values_list("account_id", flat=True)))


def leaders_of(community_id: UUID, organisation_id: UUID) -> list[UUID]:
    """Active accounts that lead an organisation, longest in office first."""
    rows = RoleGrant.objects.filter(_live(), community_id=community_id, organisation_id=organisation_id,
                                    role=Role.ORGANISATION_LEADER)
    return list(dict.fromkeys(rows.order_by("since", "id").values_list("account_id", flat=True)))


def _staff(community_id: UUID, *, fresh: bool = False) -> _Staff:
    now = time.monotonic()
    kept = _kept.get(community_id)
    if kept and not fresh and now - kept[0] < KEEP_SECONDS:
        return kept[1]
    staff = _read(community_id)
    _kept[community_id] = (now, staff)
    return staff


def _read(community_id: UUID) -> _Staff:
    rows = (
        RoleGrant.objects.filter(_live(), community_id=community_id, role__in=_WORKING)
        .order_by("since", "id")
        .values_list("account_id", "account__display_name", "account__username", "role", "grid_id")
    )
    names: dict[UUID, str] = {}
    by_grid: dict[UUID, list[tuple[UUID, str]]] = {}
    for account_id, display, username, role, grid_id in rows:
        names[account_id] = display or username
        if role == Role.GRID_WORKER and grid_id:
            by_grid.setdefault(grid_id, []).append((account_id, names[account_id]))
    return _Staff(names, by_grid)


def _live() -> Q:
    return Q(account__is_active=True) & (Q(until=None) | Q(until__gt=date.today()))  # noqa: DTZ011 - a day, not a moment
