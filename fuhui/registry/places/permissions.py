"""Who may change places. Reading grids is open to everyone: the law wants them posted."""

from __future__ import annotations

from uuid import UUID

from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

_OFFICE = (Role.SECRETARY, Role.COMMUNITY_STAFF)


def may_keep_divisions(viewer: Viewer) -> Decision:
    """Import the division tree and open communities: operators, and commands on the server."""
    if viewer.is_system or viewer.has(Role.OPERATOR):
        return ALLOWED
    return refuse("operator_only", "只有系统管理员可以导入区划、开通社区。")


def may_keep_places(viewer: Viewer, community_id: UUID) -> Decision:
    """Change the community's own entry, grids and buildings: its secretary and office staff, operators."""
    if viewer.is_system and viewer.sees(community_id):
        return ALLOWED
    if viewer.has(*_OFFICE, Role.OPERATOR, community_id=community_id):
        return ALLOWED
    return refuse("places_office", "网格和楼栋由社区书记或社区工作者维护，请联系他们修改。")


def may_keep_buildings(viewer: Viewer, community_id: UUID, grid_id: UUID) -> Decision:
    """Change buildings and homes: as above, and the grid's own worker."""
    if grid_id in viewer.grids(community_id):
        return ALLOWED
    return may_keep_places(viewer, community_id)


def may_see_desk(viewer: Viewer, community_id: UUID) -> Decision:
    """See the working pages of places: staff of the community, its street office, operators."""
    if viewer.has(*DESK_ROLES, Role.HEALTH_WORKER, Role.STREET_OFFICER, Role.OPERATOR, community_id=community_id):
        return ALLOWED
    return refuse("staff_only", "这是工作人员的页面。网格公示页对所有人开放。")
