"""Who may keep organisations and their members."""

from __future__ import annotations

from uuid import UUID

from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

_OFFICE = (Role.SECRETARY, Role.COMMUNITY_STAFF, Role.OPERATOR)


def may_keep_organisations(viewer: Viewer, community_id: UUID) -> Decision:
    """Add and change organisations: the community's secretary and office staff, operators."""
    if viewer.is_system and viewer.sees(community_id):
        return ALLOWED
    if viewer.has(*_OFFICE, community_id=community_id):
        return ALLOWED
    return refuse("organisations_office", "组织由社区书记或社区工作者维护，请联系他们修改。")


def may_keep_members(viewer: Viewer, community_id: UUID, organisation_id: UUID) -> Decision:
    """Add and end memberships: as above, and the organisation's own leader."""
    if leads(viewer, organisation_id):
        return ALLOWED
    return may_keep_organisations(viewer, community_id)


def leads(viewer: Viewer, organisation_id: UUID) -> bool:
    """True for the leader of exactly this organisation."""
    return any(
        grant.role is Role.ORGANISATION_LEADER and grant.organisation_id == organisation_id for grant in viewer.grants
    )


def may_see_organisations(viewer: Viewer, community_id: UUID) -> Decision:
    """See the tree with contacts: staff, leaders of organisations, the street office, auditors, operators."""
    seeing = (*DESK_ROLES, Role.HEALTH_WORKER, Role.ORGANISATION_LEADER, Role.STREET_OFFICER, Role.AUDITOR)
    if viewer.is_system or viewer.has(*seeing, Role.OPERATOR, community_id=community_id):
        return ALLOWED
    return refuse("staff_only", "组织名录供工作人员和组织负责人使用。")


def may_see_members(viewer: Viewer, community_id: UUID, organisation_id: UUID) -> Decision:
    """See who belongs to an organisation: desk staff of the community and the organisation's own leader."""
    desk = (*DESK_ROLES, Role.STREET_OFFICER, Role.OPERATOR)
    if viewer.is_system or viewer.has(*desk, community_id=community_id) or leads(viewer, organisation_id):
        return ALLOWED
    return refuse("members_only", "成员名单只给本社区工作人员和本组织负责人看。")
