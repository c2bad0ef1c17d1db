"""Who may keep accounts. Nobody gives themselves more; a secretary reaches no further than the own community."""

from __future__ import annotations

from uuid import UUID

from fuhui.registry.accounts.rules import COMMUNITY_ROLES, STAFF_ROLES
from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import Role, Viewer


def may_list_accounts(viewer: Viewer) -> Decision:
    """See the list of accounts: secretaries, operators, auditors."""
    if viewer.is_system or viewer.has(Role.SECRETARY, Role.OPERATOR, Role.AUDITOR):
        return ALLOWED
    return refuse("accounts_list", "账号由社区书记或系统管理员管理。")


def may_keep_accounts(viewer: Viewer) -> Decision:
    """Make accounts at all: secretaries and operators."""
    if viewer.is_system or viewer.has(Role.SECRETARY, Role.OPERATOR):
        return ALLOWED
    return refuse("accounts_keep", "只有社区书记或系统管理员可以新建和修改账号。")


def may_grant(viewer: Viewer, account_id: UUID, role: Role, community_id: UUID | None) -> Decision:
    """Give or end one role: operators any; a secretary community roles in the own community; nobody their own."""
    if viewer.account_id == account_id and not viewer.is_system:
        return refuse("own_grant", "不能给自己增减角色，请由另一位管理员操作。")
    return may_grant_in(viewer, role, community_id)


def may_grant_in(viewer: Viewer, role: Role, community_id: UUID | None) -> Decision:
    """Give a role to anybody else there."""
    if viewer.is_system or viewer.has(Role.OPERATOR):
        return ALLOWED
    if community_id and role in COMMUNITY_ROLES and viewer.has(Role.SECRETARY, community_id=community_id):
        return ALLOWED
    return refuse("grant_scope", "您只能管理本社区的角色；街道干部、审计员和系统管理员由系统管理员指定。")


def may_change_account(viewer: Viewer, account: Viewer) -> Decision:
    """Change somebody's name, password or activity. `account` carries all of its live grants, wherever they are.

    A secretary may not touch an account that also serves elsewhere or above: that would reach beyond the community.
    """
    if viewer.is_system or viewer.has(Role.OPERATOR):
        return ALLOWED
    mine = {grant.community_id for grant in viewer.grants if grant.role is Role.SECRETARY}
    if not mine:
        return may_keep_accounts(viewer)
    if all(grant.role in COMMUNITY_ROLES and grant.community_id in mine for grant in account.grants):
        return ALLOWED
    return refuse("account_scope", "这个账号还在别的社区或上级任职，请联系系统管理员修改。")


def may_issue_token(viewer: Viewer, account: Viewer) -> Decision:
    """Make a key for a program: for oneself as staff, else whoever may change the account."""
    if viewer.is_signed_in and viewer.account_id == account.account_id and viewer.roles & STAFF_ROLES:
        return ALLOWED
    return may_change_account(viewer, account)
