"""Reads of accounts, roles over time, staff and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from fuhui.registry.accounts.models import Account, ApiToken, RoleGrant, today
from fuhui.registry.accounts.permissions import may_list_accounts
from fuhui.registry.places.queries import Community, Grid
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.rows import stamp
from fuhui.shared.viewers import ROLE_NAMES, Role, Viewer


class GrantLine(NamedTuple):
    """One role of one account as a line of its history."""

    id: UUID
    role: Role
    role_name: str
    place: str
    since: date
    until: date | None
    is_live: bool
    community_id: UUID | None


class StaffMember(NamedTuple):
    """Somebody who works in a community, for choosing whom to give a matter to."""

    account_id: UUID
    name: str
    role: Role
    grid_id: UUID | None


def _live() -> Q:
    return Q(since__lte=today()) & (Q(until__isnull=True) | Q(until__gt=today()))


def _reaches_all(viewer: Viewer) -> bool:
    return viewer.is_system or viewer.has(Role.OPERATOR)


def _reach(viewer: Viewer) -> set[UUID]:
    """Communities whose accounts the viewer may see: not those where the viewer is a resident or a volunteer."""
    seeing = (Role.SECRETARY, Role.AUDITOR)
    return {grant.community_id for grant in viewer.grants if grant.role in seeing and grant.community_id}


def accounts_for(
    viewer: Viewer, *, community_id: UUID | None = None, role: Role | None = None, words: str = ""
) -> QuerySet[Account]:
    """Accounts with a role, now or once, where the viewer is secretary or auditor; all of them for operators.

    `community_id` and `role` narrow it to accounts that hold them now; `words` are looked for in both names.
    The live grants in the viewer's scope come along as `live_grants`.
    """
    theirs = RoleGrant.objects.filter(account=OuterRef("pk"))
    found = Account.objects.all()
    if not may_list_accounts(viewer).allowed:
        return found.none()
    if not _reaches_all(viewer):
        found = found.filter(Exists(theirs.filter(community_id__in=_reach(viewer))))
    if community_id:
        found = found.filter(Exists(theirs.filter(_live(), community_id=community_id)))
    if role:
        found = found.filter(Exists(theirs.filter(_live(), role=role)))
    for word in words.split():
        found = found.filter(Q(display_name__icontains=word) | Q(username__icontains=word))
    live = RoleGrant.objects.filter(_live()).select_related("region").order_by("role")
    return found.prefetch_related(Prefetch("grants", live, to_attr="live_grants")).order_by("-is_active", "username")


def account_for(viewer: Viewer, account_id: UUID) -> Account:
    """One account that the viewer may see: the own one, or one of `accounts_for`. Raises NotFound."""
    if viewer.account_id == account_id:
        return Account.objects.get(pk=account_id)
    found = accounts_for(viewer).prefetch_related(None).filter(pk=account_id).first()
    if found is None:
        raise NotFound
    return found


def active_account_named(username: str) -> Account | None:
    """The active account of a user name, for signing in; None where there is none."""
    return Account.objects.filter(username=username, is_active=True).first()


def operators_for(viewer: Viewer) -> list[Account]:
    """Active accounts that may do everything today, by user name; nobody for those who do not see all accounts."""
    if not _reaches_all(viewer):
        return []
    held = RoleGrant.objects.filter(_live(), account=OuterRef("pk"), role=Role.OPERATOR)
    return list(Account.objects.filter(Exists(held), is_active=True).order_by("username"))


def require_no_operator(viewer: Viewer) -> None:
    """Raises RuleBroken, naming them, where the installation already has operators."""
    names = "、".join(f"{row.username}（{row.display_name}）" for row in operators_for(viewer)[:5])
    if names:
        raise RuleBroken(
            "operator_exists",
            f"已经有系统管理员：{names}。请由他们在网页“账号”里开别的账号；忘了密码用 fuhui operator password；"
            "确实要从这里再建一位，请加 --another。",
        )


def role_words(grants: Iterable[RoleGrant], communities: dict[UUID, str], grids: dict[UUID, str]) -> list[str]:
    """Roles with their place in words, for example 网格员 · 第3网格."""
    return [f"{ROLE_NAMES[Role(grant.role)]} · {_place(grant, communities, grids)}" for grant in grants]


def _place(grant: RoleGrant, communities: dict[UUID, str], grids: dict[UUID, str]) -> str:
    if grant.grid_id:
        return grids.get(grant.grid_id, "网格")
    if grant.community_id:
        return communities.get(grant.community_id, "其他社区")
    return str(grant.region) if grant.region else "全部"


def grant_lines_for(viewer: Viewer, account_id: UUID) -> list[GrantLine]:
    """Every role of an account that the viewer may see, newest first, with its place. One statement."""
    grants = RoleGrant.objects.filter(account=account_id).select_related("region").annotate(
        community_name=Subquery(Community.objects.filter(pk=OuterRef("community_id")).values("name")),
        grid_name=Subquery(Grid.objects.filter(pk=OuterRef("grid_id")).values("name")),
    )
    if not _reaches_all(viewer) and viewer.account_id != account_id:
        grants = grants.filter(Q(community_id__isnull=True) | Q(community_id__in=_reach(viewer)))
    return [_grant_line(grant) for grant in grants.order_by("-since", "role")]


def _grant_line(grant: RoleGrant) -> GrantLine:
    names = (getattr(grant, "community_name", None), getattr(grant, "grid_name", None))
    place = " ".join(filter(None, names)) or (str(grant.region) if grant.region else "全部")
    live = grant.since <= today() and (grant.until is None or grant.until > today())
    role = Role(grant.role)
    return GrantLine(grant.id, role, ROLE_NAMES[role], place, grant.since, grant.until, live, grant.community_id)


def staff_for(viewer: Viewer, community_id: UUID, *roles: Role) -> list[StaffMember]:
    """Who holds one of the roles in a community today (active accounts), by grid-less first, then name."""
    if not viewer.sees(community_id):
        return []
    found = RoleGrant.objects.filter(_live(), community_id=community_id, role__in=roles, account__is_active=True)
    rows = found.select_related("account").order_by("role", "account__display_name", "account__username")
    return [StaffMember(row.account_id, str(row.account), Role(row.role), row.grid_id) for row in rows]


def names_of(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names as shown, for the accounts that a page has already been allowed to mention. One statement."""
    return {account.pk: str(account) for account in Account.objects.filter(pk__in=set(account_ids))}


def tokens_for(viewer: Viewer, account_id: UUID | None = None) -> QuerySet[ApiToken]:
    """Tokens of one account (default: the viewer's own) that the viewer may see, newest first."""
    wanted = account_id or viewer.account_id
    if wanted and wanted != viewer.account_id:
        account_for(viewer, wanted)
    return ApiToken.objects.filter(account=wanted).select_related("account").order_by("-created_at")


__all__ = [
    "Account",
    "GrantLine",
    "StaffMember",
    "account_for",
    "accounts_for",
    "active_account_named",
    "grant_lines_for",
    "names_of",
    "operators_for",
    "require_no_operator",
    "role_words",
    "staff_for",
    "stamp",
    "tokens_for",
]
