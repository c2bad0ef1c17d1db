"""The list of accounts, making one, one account with its roles over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.accounts import actions, queries
from fuhui.registry.accounts.permissions import may_change_account, may_grant, may_keep_accounts, may_list_accounts
from fuhui.registry.accounts.rules import COMMUNITY_ROLES
from fuhui.registry.places.queries import communities_for, grids_for
from fuhui.registry.places.web.chosen import chosen_community_id
from fuhui.registry.places.web.entry import day, errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken
from fuhui.shared.ui import format as words_of
from fuhui.shared.ui.shapes import chip, row
from fuhui.shared.viewers import ROLE_NAMES, Role, Viewer

PAGE = 50
# The leader of an organisation is named on the organisation's own page.
_ELSEWHERE = {Role.ORGANISATION_LEADER}
_FIELDS = ("username", "display_name", "role", "community_id", "grid_id", "region_code")


@signed_in
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts in the viewer's reach, by role and words."""
    viewer = viewer_of(request)
    may_list_accounts(viewer).require()
    role, words = _role(request.GET.get("role", "")), text(request.GET, "q", 50)
    found = Paginator(queries.accounts_for(viewer, role=role, words=words), PAGE)
    page = found.get_page(request.GET.get("page"))
    communities = {one.id: one.name for one in communities_for(viewer)}
    grids = {grid.id: grid.name for one in list(communities)[:1] for grid in grids_for(viewer, one)}
    chips = [chip("全部", "?", on=role is None)] + [
        chip(ROLE_NAMES[one], f"?role={one.value}", on=one is role) for one in _grantable(viewer)
    ]
    return render(request, "accounts/list.html", {
        "rows": [_row(one, communities, grids) for one in page], "page": page, "count": found.count, "q": words,
        "chips": chips, "keep": may_keep_accounts(viewer), "role": role.value if role else "",
    })


def _row(account: Any, communities: dict[UUID, str], grids: dict[UUID, str]) -> Any:
    roles = queries.role_words(account.live_grants, communities, grids)
    return row(title=str(account), href=reverse("accounts:account", args=[account.id]), meta=account.username,
               sub="；".join(roles) or "没有角色", pill="" if account.is_active else "已停用", tone="late",
               id=str(account.id))


def _role(value: str) -> Role | None:
    return next((role for role in Role if role.value == value), None)


def _grantable(viewer: Viewer) -> list[Role]:
    """Roles this viewer may give here."""
    roles = list(Role) if viewer.has(Role.OPERATOR) or viewer.has(Role.AUDITOR) else list(COMMUNITY_ROLES)
    return [role for role in roles if role not in _ELSEWHERE]


def _choices(request: HttpRequest) -> dict[str, Any]:
    """What the fields of a role offer."""
    viewer = viewer_of(request)
    mine = [one for one in communities_for(viewer)
            if viewer.has(Role.OPERATOR) or viewer.has(Role.SECRETARY, community_id=one.id)]
    here = chosen_community_id(request) if viewer.communities else None
    return {
        "roles": [("", "请选择"), *((role.value, ROLE_NAMES[role]) for role in _grantable(viewer))],
        "communities": [("", "不限社区")] * viewer.has(Role.OPERATOR) + [(str(one.id), one.name) for one in mine],
        "grids": [("", "不限网格")] + [(str(g.id), g.name) for g in (grids_for(viewer, here) if here else [])],
        "regions": viewer.has(Role.OPERATOR),
    }


def _granted(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    role = _role(post.get("role", ""))
    if role is None:
        raise BadInput("role", "请选择角色。", field="role")
    return {
        "role": role, "community_id": key(post, "community_id", "社区"), "grid_id": key(post, "grid_id", "网格"),
        "region_code": text(post, "region_code", 12),
    }


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Makes an account; the temporary password is on the answer and nowhere else."""
    may_keep_accounts(viewer_of(request)).require()
    made, errors = None, {}
    if request.method == "POST":
        try:
            made = actions.create_account(
                by=viewer_of(request), username=text(request.POST, "username", 150),
                display_name=text(request.POST, "display_name", 30), **_granted(request))
        except PeopleError as error:
            errors = errors_of(error)
    values = {name: request.POST.get(name, "") for name in _FIELDS}
    context = {"made": made, "errors": errors, "values": values, **({} if made else _choices(request))}
    response = render(request, "accounts/new.html", context, status=422 if errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@signed_in
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account: roles over time, what may be done with it."""
    return _account(request, account_id)


def _account(
    request: HttpRequest, account_id: UUID, *, password: str = "", errors: dict[str, str] | None = None
) -> HttpResponse:
    viewer = viewer_of(request)
    own = viewer.account_id == account_id
    if not own:
        may_list_accounts(viewer).require()
    found = queries.account_for(viewer, account_id)
    lines = [_line(viewer, account_id, line) for line in queries.grant_lines_for(viewer, account_id)]
    response = render(request, "accounts/account.html", {
        "account": found, "lines": lines, "password": password, "errors": errors or {}, "own": own,
        "change": may_change_account(viewer, queries.viewer_of(found)), "keep": may_keep_accounts(viewer),
        "seen": queries.stamp(found), "values": {name: request.POST.get(name, "") for name in _FIELDS},
        **_choices(request),
    }, status=409 if errors else 200)
    if password:
        response["Cache-Control"] = "no-store"
    return response


def _line(viewer: Viewer, account_id: UUID, line: queries.GrantLine) -> dict[str, Any]:
    end = may_grant(viewer, account_id, line.role, line.community_id)
    return {
        "id": line.id, "role": line.role_name, "place": line.place, "since": words_of.day(line.since),
        "until": words_of.day(line.until) or "一直", "end": end if line.is_live else end._replace(
            allowed=False, message="已结束"),
    }


@signed_in
@require_POST
def deed(request: HttpRequest, account_id: UUID, deed: str) -> HttpResponse:
    """One change of an account; a refusal is shown on the account's page, with nothing changed."""
    if deed not in _DEEDS:
        raise Http404
    may_keep_accounts(viewer_of(request)).require()
    try:
        said = _DEEDS[deed](request, account_id)
    except (BadInput, RuleBroken) as error:
        return _account(request, account_id, errors=errors_of(error))
    if deed == "set-password":
        return _account(request, account_id, password=said)
    messages.success(request, said)
    return redirect("accounts:account", account_id)


def _change(request: HttpRequest, account_id: UUID) -> str:
    actions.change_account(by=viewer_of(request), account_id=account_id,
                           display_name=text(request.POST, "display_name", 30), seen=text(request.POST, "seen", 20))
    return "已保存。"


def _set_password(request: HttpRequest, account_id: UUID) -> str:
    return actions.set_password(by=viewer_of(request), account_id=account_id)


def _remove_factor(request: HttpRequest, account_id: UUID) -> str:
    count = actions.remove_second_factor(by=viewer_of(request), account_id=account_id)
    return "已解除两步验证。" if count else "这个账号没有开启两步验证。"


def _deactivate(request: HttpRequest, account_id: UUID) -> str:
    return f"{actions.deactivate_account(by=viewer_of(request), account_id=account_id)}的账号已停用。"


def _reactivate(request: HttpRequest, account_id: UUID) -> str:
    return f"{actions.reactivate_account(by=viewer_of(request), account_id=account_id)}的账号已启用。"


def _grant(request: HttpRequest, account_id: UUID) -> str:
    grant = actions.grant_role(by=viewer_of(request), account_id=account_id, until=day(request.POST, "until", "到期日"),
                               **_granted(request))
    return f"已加角色：{grant.get_role_display()}。"


def _end_grant(request: HttpRequest, account_id: UUID) -> str:
    grant_id = key(request.POST, "grant_id", "角色")
    if grant_id is None:
        raise BadInput("grant_id", "请选择要结束的角色。", field="grant_id")
    return f"已结束角色：{actions.end_grant(by=viewer_of(request), grant_id=grant_id).get_role_display()}。"


_DEEDS: dict[str, Callable[[HttpRequest, UUID], str]] = {
    "change": _change, "set-password": _set_password, "remove-factor": _remove_factor, "deactivate": _deactivate,
    "reactivate": _reactivate, "grant": _grant, "end-grant": _end_grant,
}
