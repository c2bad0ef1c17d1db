"""Two neighbouring communities and the people who work there, for the tests of places, accounts and organisations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fuhui.registry.accounts import actions as accounts
from fuhui.registry.accounts.queries import viewer_of
from fuhui.registry.places import actions
from fuhui.registry.places.cli import shipped_rows
from fuhui.registry.places.queries import Community, Grid
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import Role, Viewer, system

FUHUI, NEIGHBOUR = "370611001038", "370611001001"


def install(*communities: UUID) -> Viewer:
    """The installation itself acting in the communities; the connection's scope is set to it."""
    viewer = system("tests", *communities)
    scope.enter(viewer)
    return viewer


def open_community(code: str = FUHUI, name: str = "福惠社区", **more: Any) -> Community:
    """A community that has just been opened, with the shipped divisions; everything runs in its scope from now on."""
    by = install()
    actions.import_divisions(by=by, rows=shipped_rows())
    community = actions.open_community(by=by, region_code=code, name=name, supervision_phone="0535-6360000", **more)
    install(community.id)
    return community


def grid(community: Community, number: int = 1, **more: Any) -> Grid:
    """A grid of the community."""
    return actions.save_grid(by=system("tests", community.id), community_id=community.id, number=number,
                             name=f"第{number}网格", **more)


def account(username: str, role: Role | None = None, community: Community | None = None, **more: Any) -> Any:
    """An account with a password of its own (“杨柳依依2026”) and one role."""
    by = system("tests", *([community.id] if community else []))
    scope.enter(by)
    made = accounts.create_account(by=by, username=username, display_name=username.title(), role=role,
                                   community_id=community.id if community else None, password="yangliu-2026", **more)
    return made.account


def viewer(username: str, role: Role, community: Community | None = None, **more: Any) -> Viewer:
    """Somebody signed in; the connection's scope is theirs from now on."""
    found = viewer_of(account(username, role, community, **more))
    scope.enter(found)
    return found


def square(west: float, south: float, size: float = 0.002) -> dict[str, Any]:
    """A square border, by default about 200 m wide."""
    east, north = west + size, south + size
    return {"type": "Polygon",
            "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}
