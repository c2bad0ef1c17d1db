"""Who may see and change people. Pages, API and tests ask these functions; the answer carries its reason."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

OFFICE = (Role.SECRETARY, Role.COMMUNITY_STAFF)


def _system(viewer: Viewer, community_id: UUID) -> bool:
    return viewer.is_system and viewer.sees(community_id)


def may_list_people(viewer: Viewer, community_id: UUID) -> Decision:
    """Open the residents' list: desk staff (grid workers see their grids' people) and the health post."""
    if _system(viewer, community_id) or viewer.has(*DESK_ROLES, Role.HEALTH_WORKER, community_id=community_id):
        return ALLOWED
    return refuse("people_staff_only", "居民名册只对本社区的工作人员开放。需要数字请看统计页。")


def may_register(viewer: Viewer, community_id: UUID, grid_id: UUID | None = None) -> Decision:
    """Register or correct people; a grid worker inside their own grids."""
    if _system(viewer, community_id) or viewer.has(*OFFICE, community_id=community_id):
        return ALLOWED
    grids = viewer.grids(community_id)
    if not grids:
        return refuse("people_register", "登记和修改居民由网格员或社区工作者办理，请联系他们。")
    if grid_id is not None and grid_id not in grids:
        return refuse("people_other_grid", "这一户不在您的网格里，请转给所在网格的网格员办理。")
    return ALLOWED


def may_merge(viewer: Viewer, community_id: UUID) -> Decision:
    """Merge two records of one person."""
    if _system(viewer, community_id) or viewer.has(*OFFICE, community_id=community_id):
        return ALLOWED
    return refuse("people_merge", "合并居民档案由社区工作者或书记办理，请把两个姓名告诉他们。")


def may_import(viewer: Viewer, community_id: UUID) -> Decision:
    """Import a residents' list and undo it."""
    if _system(viewer, community_id) or viewer.has(*OFFICE, community_id=community_id):
        return ALLOWED
    return refuse("people_import", "导入名册由社区工作者或书记办理。")


def may_keep_categories(viewer: Viewer, community_id: UUID) -> Decision:
    """Edit the list of card categories."""
    if _system(viewer, community_id) or viewer.has(*OFFICE, community_id=community_id):
        return ALLOWED
    return refuse("people_categories", "人员类别由社区工作者或书记维护。")


def may_reveal(viewer: Viewer, community_id: UUID, person_id: UUID, fields: Collection[str]) -> Decision:
    """Read identity number and phone in clear: desk staff; the health post the phone only; everybody their own."""
    if viewer.person_id == person_id or viewer.has(*DESK_ROLES, community_id=community_id):
        return ALLOWED
    if _system(viewer, community_id):
        return ALLOWED
    if viewer.has(Role.HEALTH_WORKER, community_id=community_id) and set(fields) <= {"phone"}:
        return ALLOWED
    return refuse("people_reveal", "您可以看到这位居民，但不能查看证件号。确有需要请找社区工作者。")


def sees_everything_of(viewer: Viewer, community_id: UUID) -> bool:
    """True for desk staff: every card, consent log, household. The health post sees health cards only."""
    return _system(viewer, community_id) or viewer.has(*DESK_ROLES, community_id=community_id)
