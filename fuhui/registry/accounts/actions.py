"""Changes of accounts, roles and tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.registry.accounts.models import Account, ApiToken, RoleGrant, today
from fuhui.registry.accounts.permissions import (
    may_change_account,
    may_grant,
    may_issue_token,
    may_keep_accounts,
)
from fuhui.registry.accounts.queries import account_for, require_no_operator, token_hash, viewer_of
from fuhui.registry.accounts.rules import COMMUNITY_ROLES
from fuhui.registry.people.queries import person_for
from fuhui.registry.places.queries import region_by_code
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint, require_fresh, take_turn
from fuhui.shared.viewers import ROLE_NAMES, Role, Viewer

TOKEN_PREFIX = "fh_"  # noqa: S105 - lets scanners for leaked keys find ours
MOST_DAYS = 730
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and digits that look alike on paper
_WORDS = {
    "accounts_last_operator": "这是最后一位系统管理员，不能停用或撤销。请先指定另一位。",
    "accounts_account_username_key": "这个用户名已经有人用，请换一个。",
    "accounts_account_phone": "这个手机号已经绑定了另一个账号。",
    "accounts_grant_once": "这个账号已经有这个角色，不用再给一次。",
    "accounts_grant_organisation": "组织负责人要选明是哪个组织。",
    "accounts_grant_scope": "这个角色要选明社区；街道干部要选明辖区。",
    "accounts_grant_period": "结束日期不能早于开始日期。",
}


@dataclass(frozen=True)
class NewAccount:
    """A fresh account. `password` is shown once and kept nowhere; '' where the caller chose it."""

    account: Account
    password: str


@transaction.atomic
def create_account(
    *, by: Viewer, username: str, display_name: str, role: Role | None = None, community_id: UUID | None = None,
    grid_id: UUID | None = None, organisation_id: UUID | None = None, region_code: str = "",
    person_id: UUID | None = None, password: str = "", account_id: UUID | None = None,
) -> NewAccount:
    """Makes an account with its first role (only operators and commands may leave the role out).

    Without `password` a temporary one is made that must be changed at the first sign-in.
    Raises BadInput, RuleBroken for a user name in use.
    """
    may_keep_accounts(by).require()
    if role is None and not (by.is_system or by.has(Role.OPERATOR)):
        raise BadInput("role", "请选择这个账号的角色。", field="role")
    given = password or _temporary_password()
    account = Account(
        id=account_id or new_id(), username=_username(username), display_name=_display_name(display_name),
        person_id=_person(by, person_id), password_is_temporary=not password,
    )
    if password:
        _check_password(password, account)
    account.set_password(given)
    _save(account, force_insert=True)
    audit.record("accounts.create", by=by, community_id=community_id, subject="account", subject_id=account.id,
                 data={"username": account.username})
    if role:
        grant_role(by=by, account_id=account.id, role=role, community_id=community_id, grid_id=grid_id,
                   organisation_id=organisation_id, region_code=region_code)
    return NewAccount(account, "" if password else given)


@transaction.atomic
def create_operator(
    *, by: Viewer, username: str, display_name: str, password: str = "", another: bool = False
) -> NewAccount:
    """The first account of an installation. Whoever runs two at once gets one operator; the second is told so.

    Without `password` a temporary one is made. Raises RuleBroken where there is an operator and not `another`.
    """
    take_turn("accounts_first_operator")
    if not another:
        require_no_operator(by)
    return create_account(by=by, username=username, display_name=display_name, role=Role.OPERATOR, password=password)


@transaction.atomic
def change_account(
    *, by: Viewer, account_id: UUID, display_name: str, person_id: UUID | None = None, seen: str = ""
) -> Account:
    """Changes the name that colleagues see, and the resident behind the account. Raises StalePage by `seen`."""
    account = _locked(by, account_id)
    require_fresh(account, seen)
    account.display_name = _display_name(display_name)
    account.person_id = _person(by, person_id) or account.person_id
    account.save(update_fields=["display_name", "person_id"])
    _note("accounts.change", by, account)
    return account


@transaction.atomic
def change_own_account(*, by: Viewer, display_name: str, large_type: bool) -> Account:
    """What everyone may set for themselves: the own name as shown, and large type."""
    account = Account.objects.select_for_update().filter(pk=by.account_id).first() if by.account_id else None
    if account is None:
        raise NotFound
    account.display_name, account.large_type = _display_name(display_name), large_type
    account.save(update_fields=["display_name", "large_type"])
    _note("accounts.change_own", by, account)
    return account


@transaction.atomic
def deactivate_account(*, by: Viewer, account_id: UUID) -> Account:
    """The account can no longer sign in and its tokens stop at once. Refused for oneself and the last operator."""
    if by.account_id == account_id:
        raise RuleBroken("own_account", "不能停用自己的账号，请由另一位管理员操作。")
    return _set_active(by, account_id, active=False)


@transaction.atomic
def reactivate_account(*, by: Viewer, account_id: UUID) -> Account:
    """A deactivated account can sign in again, with the roles it still holds."""
    return _set_active(by, account_id, active=True)


@transaction.atomic
def set_password(*, by: Viewer, account_id: UUID) -> str:
    """A temporary password, answered once; sessions of the account end, and it must choose its own next time."""
    account = _locked(by, account_id)
    password = _temporary_password()
    account.set_password(password)
    account.password_is_temporary = True
    account.save(update_fields=["password", "password_is_temporary"])
    _note("accounts.set_password", by, account)
    return password


@transaction.atomic
def remove_second_factor(*, by: Viewer, account_id: UUID) -> int:
    """For somebody who lost the phone: takes all second factors away; answers how many there were."""
    from allauth.mfa.models import Authenticator

    if by.account_id == account_id:
        raise RuleBroken("own_factor", "自己的两步验证请在“我的账号”里关闭。")
    account = _locked(by, account_id)
    count, _ = Authenticator.objects.filter(user_id=account.id).delete()
    _note("accounts.remove_second_factor", by, account)
    return int(count)


@transaction.atomic
def grant_role(
    *, by: Viewer, account_id: UUID, role: Role, community_id: UUID | None = None, grid_id: UUID | None = None,
    organisation_id: UUID | None = None, region_code: str = "", since: date | None = None, until: date | None = None,
) -> RoleGrant:
    """Gives one role: community roles in a community (a grid worker in a grid), a street officer in a region,
    an auditor anywhere, in a region or a community, an operator everywhere.

    Raises BadInput, RuleBroken where it is held already.
    """
    may_grant(by, account_id, role, community_id).require()
    if community_id and not by.sees(community_id):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    grant = RoleGrant(
        account=account, role=role, community_id=_community(role, community_id), region=_region(role, region_code),
        grid_id=grid_id if role is Role.GRID_WORKER else None, organisation_id=organisation_id,
        since=since or today(), until=until,
    )
    _save(grant)
    _note("accounts.grant", by, account, community_id, role=role.value, grid=grid_id, organisation=organisation_id)
    return grant


@transaction.atomic
def end_grant(*, by: Viewer, grant_id: UUID) -> RoleGrant:
    """Ends a role today; the row stays as history. Refused for oneself and for the last operator."""
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("account").filter(pk=grant_id).first()
    if grant is None:
        raise NotFound
    may_grant(by, grant.account_id, Role(grant.role), grant.community_id).require()
    if grant.until and grant.until <= today():
        raise RuleBroken("ended", "这个角色已经结束。")
    grant.until = max(today(), grant.since)
    _save(grant)
    _note("accounts.end_grant", by, grant.account, grant.community_id, role=grant.role)
    return grant


@transaction.atomic
def issue_token(*, by: Viewer, username: str, name: str, days: int) -> str:
    """A key for a program, answered once and kept only as a hash; it acts as its account for 1–730 days."""
    account = Account.objects.filter(username=username.strip(), is_active=True).first()
    if account is None:
        raise NotFound("account", "没有这个用户名，或账号已停用。")
    may_issue_token(by, viewer_of(account)).require()
    if not name.strip():
        raise BadInput("name", "请写明令牌的用途，例如“12345 对接”。", field="name")
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("days", f"有效期应在 1 到 {MOST_DAYS} 天之间。", field="days")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(account=account, name=name.strip()[:60], hash=token_hash(token),
                   expires_at=timezone.now() + timedelta(days=days))
    row.save()
    _note("accounts.issue_token", by, account, token=row.id, days=days)
    return token


def note_token_use(token: str) -> None:
    """Writes down that a token was used today, for the list of tokens; not an act of anybody, so not audited."""
    ApiToken.objects.filter(hash=token_hash(token)).exclude(last_used_on=today()).update(last_used_on=today())


@transaction.atomic
def revoke_token(*, by: Viewer, token_id: UUID) -> ApiToken:
    """The key stops at once. A second call changes nothing."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("account").filter(pk=token_id).first()
    if token is None:
        raise NotFound
    may_issue_token(by, viewer_of(token.account)).require()
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        _note("accounts.revoke_token", by, token.account, token=token.id)
    return token


def _person(by: Viewer, person_id: UUID | None) -> UUID | None:
    """The resident behind an account must be one that `by` may see: the account will see that person's matters."""
    return person_for(by, person_id).id if person_id else None


def _locked(by: Viewer, account_id: UUID) -> Account:
    account_for(by, account_id)
    account: Account = Account.objects.select_for_update().get(pk=account_id)
    may_change_account(by, viewer_of(account)).require()
    return account


def _set_active(by: Viewer, account_id: UUID, *, active: bool) -> Account:
    account = _locked(by, account_id)
    account.is_active = active
    _save(account, update_fields=["is_active"])
    _note("accounts.reactivate" if active else "accounts.deactivate", by, account)
    return account


def _save(row: Account | RoleGrant, **options: Any) -> None:
    try:
        with transaction.atomic():
            row.save(**options)
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in _WORDS:
            raise
        raise RuleBroken(name, _WORDS[name]) from error


def _note(action: str, by: Viewer, account: Account, community_id: UUID | None = None, **data: object) -> None:
    audit.record(action, by=by, community_id=community_id, subject="account", subject_id=account.id,
                 data={"username": account.username, **data})


def _community(role: Role, community_id: UUID | None) -> UUID | None:
    if role in COMMUNITY_ROLES and community_id is None:
        raise BadInput("community", f"{ROLE_NAMES[role]}要选明是哪个社区。", field="community_id")
    return None if role in {Role.STREET_OFFICER, Role.OPERATOR} else community_id


def _region(role: Role, code: str) -> Any:
    if role is not Role.STREET_OFFICER and not (code and role is Role.AUDITOR):
        return None
    region = region_by_code(code)
    if region is None:
        raise BadInput("region", "请填写辖区的区划代码，例如街道的 370611001。", field="region_code")
    return region


def _username(text: str) -> str:
    name = text.strip()
    try:
        Account._meta.get_field("username").run_validators(name)
    except ValidationError as error:
        raise BadInput("username", "用户名只能用字母、数字、汉字和 @ . + - _。", field="username") from error
    if not name or len(name) > 150:
        raise BadInput("username", "请填写用户名，最多 150 个字。", field="username")
    return name


def _display_name(text: str) -> str:
    if not 1 <= len(text.strip()) <= 30:
        raise BadInput("display_name", "请填写姓名，最多 30 个字。", field="display_name")
    return text.strip()


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise BadInput("password", " ".join(error.messages), field="password") from error


def _temporary_password() -> str:
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
