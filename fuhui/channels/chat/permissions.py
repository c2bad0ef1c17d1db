"""Who may paste a group's messages and work on them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

_WHOLE_DESK = (Role.SECRETARY, Role.COMMUNITY_STAFF)


def may_work_on_chats(viewer: Viewer, community_id: UUID, grid_id: UUID | None) -> Decision:
    """The desk of the community; a grid worker for the own grids only."""
    if viewer.is_system and viewer.sees(community_id):
        return ALLOWED
    if viewer.has(*_WHOLE_DESK, community_id=community_id):
        return ALLOWED
    if not viewer.has(Role.GRID_WORKER, community_id=community_id):
        return refuse("not_desk", "群消息由本社区的网格员、社区工作者或书记来整理。")
    if grid_id is None:
        return refuse("grid_missing", "请选择这是哪个网格的群。")
    if grid_id not in viewer.grids(community_id):
        return refuse("other_grid", "这是别的网格的群，不归您管。请交给那个网格的网格员，或由社区工作者来粘贴。")
    return ALLOWED


def sees_all_grids(viewer: Viewer, community_id: UUID) -> bool:
    """True for those who work on the chats of every grid of the community."""
    return viewer.has(*_WHOLE_DESK, community_id=community_id) or (viewer.is_system and viewer.sees(community_id))


def visible_batches(viewer: Viewer) -> Q:
    """The condition on ChatBatch: the whole desk sees the community's, a grid worker the own grids'."""
    condition = Q(pk__in=[])
    for community_id in viewer.communities:
        if sees_all_grids(viewer, community_id):
            condition |= Q(community_id=community_id)
        elif viewer.has(Role.GRID_WORKER, community_id=community_id):
            condition |= Q(community_id=community_id, grid_id__in=sorted(viewer.grids(community_id)))
    return condition


def desk_communities(viewer: Viewer) -> list[UUID]:
    """The communities at whose desk the viewer works."""
    return sorted({grant.community_id for grant in viewer.grants if grant.role in DESK_ROLES and grant.community_id})
