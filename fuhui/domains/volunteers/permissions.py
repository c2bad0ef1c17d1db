"""Who may register volunteers, see them, and confirm members of teams."""

from __future__ import annotations

from uuid import UUID

from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import Role, Viewer

OFFICE = (Role.SECRETARY, Role.COMMUNITY_STAFF)


def is_office(viewer: Viewer, community_id: UUID) -> bool:
    """The community's secretary and staff, and the system itself."""
    return (viewer.is_system and viewer.sees(community_id)) or viewer.has(*OFFICE, community_id=community_id)


def may_register(viewer: Viewer, community_id: UUID, person_id: UUID, grid_id: UUID | None) -> Decision:
    """Register a resident or change their registration: themselves, the office, the worker of their grid."""
    if viewer.person_id == person_id or is_office(viewer, community_id):
        return ALLOWED
    if grid_id and grid_id in viewer.grids(community_id):
        return ALLOWED
    return refuse("volunteers_register", "志愿者由本人、所在网格的网格员或社区工作者登记和修改。")


def may_register_list(viewer: Viewer, community_id: UUID) -> Decision:
    """Register a whole signed list: the office."""
    if is_office(viewer, community_id):
        return ALLOWED
    return refuse("volunteers_list", "整份名单由社区工作者或书记登记；您可以一位一位登记。")


def may_list(viewer: Viewer, community_id: UUID) -> Decision:
    """Open the list: office, grid workers (their grids), leaders (their teams)."""
    if is_office(viewer, community_id) or viewer.has(
        Role.GRID_WORKER, Role.ORGANISATION_LEADER, community_id=community_id
    ):
        return ALLOWED
    return refuse("volunteers_staff", "志愿者名册供社区工作人员和志愿服务队队长使用。您自己的登记在“我的志愿服务”里。")


def led_teams(viewer: Viewer) -> frozenset[UUID]:
    """The organisations of which the viewer is leader."""
    return frozenset(
        grant.organisation_id
        for grant in viewer.grants if grant.role is Role.ORGANISATION_LEADER and grant.organisation_id
    )


def may_lead(viewer: Viewer, community_id: UUID, team_id: UUID) -> Decision:
    """Act for a team: its leader and the office."""
    if team_id in led_teams(viewer) or is_office(viewer, community_id):
        return ALLOWED
    return refuse("volunteers_lead", "由这支队伍的队长或社区工作者办理。")


def may_decide(viewer: Viewer, community_id: UUID, team_id: UUID, person_id: UUID) -> Decision:
    """Confirm or decline who asks to join: as above, but nobody for themselves."""
    if viewer.person_id == person_id:
        return refuse("volunteers_own_joining", "自己的入队申请要由别人确认，请联系队长或社区工作者。")
    return may_lead(viewer, community_id, team_id)


def may_plan(viewer: Viewer, community_id: UUID, team_id: UUID | None) -> Decision:
    """Publish a call, keep its shifts and see who comes: the office, for a team's call also its leader."""
    if team_id is not None:
        return may_lead(viewer, community_id, team_id)
    if is_office(viewer, community_id):
        return ALLOWED
    return refuse("volunteers_plan", "社区的招募由社区工作者或书记发布和安排；队长可以为自己的队伍发布。")


def may_plan_any(viewer: Viewer, community_id: UUID) -> Decision:
    """Open the form of a call: the office, and whoever leads an organisation of the community."""
    if is_office(viewer, community_id) or viewer.has(Role.ORGANISATION_LEADER, community_id=community_id):
        return ALLOWED
    return refuse("volunteers_plan", "招募由社区工作者、书记或队长发布。")
