"""Who may write into the book by hand, reverse, keep the catalogue, and read."""

from __future__ import annotations

from uuid import UUID

from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

STAFF = (*sorted(DESK_ROLES), Role.HEALTH_WORKER)
READERS = (*STAFF, Role.STREET_OFFICER, Role.AUDITOR)


def _system(viewer: Viewer, community_id: UUID) -> bool:
    return viewer.is_system and viewer.sees(community_id)


def may_write_by_hand(viewer: Viewer, community_id: UUID) -> Decision:
    """Write a service that no other room records: the community's staff and its health post."""
    if _system(viewer, community_id) or viewer.has(*STAFF, community_id=community_id):
        return ALLOWED
    return refuse("book_write", "服务台账由社区工作人员和健康驿站记入。您做了服务请告诉网格员，由他们记下。")


def may_reverse(viewer: Viewer, community_id: UUID) -> Decision:
    """Reverse a record that was written by hand: the secretary."""
    if _system(viewer, community_id) or viewer.has(Role.SECRETARY, community_id=community_id):
        return ALLOWED
    return refuse("book_reverse", "台账只增不改，冲正由社区书记办理。请把记录和原因告诉书记。")


def may_keep_catalogue(viewer: Viewer, community_id: UUID) -> Decision:
    """Change the service catalogue: the secretary."""
    if _system(viewer, community_id) or viewer.has(Role.SECRETARY, community_id=community_id):
        return ALLOWED
    return refuse("book_catalogue", "服务目录由社区书记维护，请把需要的项目告诉书记。")


def may_read_book(viewer: Viewer, community_id: UUID) -> Decision:
    """Read the whole book and its figures: staff, the health post, the street office, auditors."""
    if _system(viewer, community_id) or viewer.has(*READERS, community_id=community_id):
        return ALLOWED
    return refuse("book_read", "服务台账对社区工作人员、街道和审计员开放。您自己的服务在“我的服务”里。")


def may_add_evidence(viewer: Viewer, community_id: UUID) -> Decision:
    """Add a photo to a record: as writing by hand."""
    return may_write_by_hand(viewer, community_id)


def may_check(viewer: Viewer, community_id: UUID) -> Decision:
    """Run the self-checks now: the secretary and auditors."""
    roles = (Role.SECRETARY, Role.AUDITOR)
    if _system(viewer, community_id) or viewer.has(*roles, community_id=community_id):
        return ALLOWED
    return refuse("book_check", "自查每晚自动进行；马上核对由社区书记或审计员来做。")
