"""Who may see figures."""

from __future__ import annotations

from uuid import UUID

from fuhui.domains.cases.permissions import may_oversee
from fuhui.shared.viewers import Role, Viewer


def communities_overseen(viewer: Viewer) -> list[UUID]:
    """Communities whose figures the viewer may open."""
    return [community for community in viewer.communities if may_oversee(viewer, community).allowed]


def may_see_street(viewer: Viewer) -> bool:
    """The view over several communities is the street officer's."""
    return viewer.has(Role.STREET_OFFICER)
