"""The tree of organisations, one organisation with its members over time, its form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.accounts.actions import grant_role
from fuhui.registry.accounts.permissions import may_grant_in
from fuhui.registry.accounts.queries import staff_for
from fuhui.registry.organisations import actions, queries
from fuhui.registry.organisations.permissions import (
    may_keep_members,
    may_keep_organisations,
    may_see_members,
    may_see_organisations,
)
from fuhui.registry.organisations.rules import HANDLER_KINDS, KIND_NAMES, LEGAL_NAMES, LegalClass, OrganisationKind
from fuhui.registry.people.queries import people_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import day, errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui import format as words_of
from fuhui.shared.ui.shapes import chip
from fuhui.shared.viewers import ROLE_NAMES, Role, Viewer

_FIELDS = (
    "kind", "name", "short_name", "legal_class", "credit_code", "contact", "phone", "since", "until", "parent_id",
)
MOST_FOUND = 20


@signed_in
def tree(request: HttpRequest) -> HttpResponse:
    """All organisations of the chosen community as one tree, or those of one kind."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_see_organisations(viewer, community.id).require()
    kind, words = _kind(request.GET.get("kind", "")), text(request.GET, "q", 30)
    lines = [line for line in queries.tree_for(viewer, community.id)
             if kind in {None, line.organisation.kind} and words in line.organisation.name]
    chips = [chip("全部", "?", on=kind is None)]
    chips += [chip(name, f"?kind={one.value}", on=one is kind) for one, name in KIND_NAMES.items()]
    return render(request, "organisations/tree.html", {
        "community": community, "lines": [_line(line, flat=bool(kind or words)) for line in lines], "chips": chips,
        "q": words,
        "keep": may_keep_organisations(viewer, community.id),
    })


def _line(line: queries.TreeLine, *, flat: bool) -> dict[str, Any]:
    row = line.organisation
    return {
        "name": row.name, "href": reverse("organisations:organisation", args=[row.id]), "members": line.members,
        "indent": 0 if flat else line.depth, "kind": KIND_NAMES[OrganisationKind(row.kind)],
        "contact": " ".join(filter(None, (row.contact, row.phone))) or "未填",
    }


def _kind(value: str) -> OrganisationKind | None:
    return next((kind for kind in OrganisationKind if kind.value == value), None)


@signed_in
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """One organisation: facts, members now and before, its leader."""
    return _organisation(request, organisation_id, {})


def _organisation(request: HttpRequest, organisation_id: UUID, errors: dict[str, str]) -> HttpResponse:
    viewer = viewer_of(request)
    row = queries.organisation_for(viewer, organisation_id)
    keep = may_keep_members(viewer, row.community_id, row.id)
    words = text(request.GET, "q", 30)
    found = people_for(viewer, community_id=row.community_id, words=words, limit=MOST_FOUND).people if words else []
    leading = keep.allowed and may_grant_in(viewer, Role.ORGANISATION_LEADER, row.community_id).allowed
    return render(request, "organisations/organisation.html", {
        "row": row, "facts": _facts(row), "errors": errors, "q": words, "keep": keep, "leading": leading,
        "edit": may_keep_organisations(viewer, row.community_id), "is_handler": row.kind in HANDLER_KINDS,
        "see_members": may_see_members(viewer, row.community_id, row.id),
        "members": [_member(one) for one in queries.memberships_for(viewer, row.id)],
        "people": [(str(one.id), f"{one.name} 尾号{one.phone_tail}" if one.phone_tail else one.name) for one in found],
        "accounts": _accounts(viewer, row.community_id) if keep.allowed else [],
    }, status=409 if errors else 200)


def _facts(row: queries.Organisation) -> list[tuple[str, str]]:
    legal = LEGAL_NAMES[LegalClass(row.legal_class)] if row.legal_class != LegalClass.NONE else ""
    pairs = [
        ("类别", KIND_NAMES[OrganisationKind(row.kind)]), ("上级", str(row.parent or "")), ("联系人", row.contact),
        ("电话", row.phone), ("登记或备案", legal), ("统一社会信用代码", row.credit_code),
        ("成立", words_of.day(row.since)), ("撤销", words_of.day(row.until)),
    ]
    return [(name, value) for name, value in pairs if value]


def _member(one: queries.Membership) -> dict[str, Any]:
    today = words_of.today()
    return {
        "id": one.id, "name": one.person.name if one.person else str(one.account), "title": one.title,
        "since": words_of.day(one.since), "until": words_of.day(one.until) or "至今",
        "kind": "居民" if one.person else "账号", "live": one.until is None or one.until > today,
    }


def _accounts(viewer: Viewer, community_id: UUID) -> list[tuple[str, str]]:
    named = {str(one.account_id): one for one in staff_for(viewer, community_id, *Role)}
    return [("", "请选择"), *((key, f"{one.name}（{ROLE_NAMES[one.role]}）") for key, one in named.items())]


@signed_in
@require_POST
def add_member(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """A resident or an account joins."""
    try:
        actions.add_member(
            by=viewer_of(request), organisation_id=organisation_id, person_id=key(request.POST, "person_id", "居民"),
            account_id=key(request.POST, "account_id", "账号"), title=text(request.POST, "title", 30),
            since=day(request.POST, "since", "开始日期"))
    except (BadInput, RuleBroken) as error:
        return _organisation(request, organisation_id, errors_of(error))
    messages.success(request, "已加入。")
    return redirect("organisations:organisation", organisation_id)


@signed_in
@require_POST
def end_membership(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """A membership ends today."""
    row = actions.end_membership(by=viewer_of(request), membership_id=membership_id)
    messages.success(request, "已结束，记录留在历史里。")
    return redirect("organisations:organisation", row.organisation_id)


@signed_in
@require_POST
def name_leader(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Gives an account the role of this organisation's leader; the account's page ends it."""
    viewer = viewer_of(request)
    row = queries.organisation_for(viewer, organisation_id)
    may_keep_members(viewer, row.community_id, row.id).require()
    may_grant_in(viewer, Role.ORGANISATION_LEADER, row.community_id).require()
    account_id = key(request.POST, "account_id", "账号")
    try:
        if account_id is None:
            raise BadInput("account_id", "请选择一个账号。", field="account_id")
        grant_role(by=viewer, account_id=account_id, role=Role.ORGANISATION_LEADER, community_id=row.community_id,
                   organisation_id=row.id)
    except (BadInput, RuleBroken) as error:
        return _organisation(request, organisation_id, errors_of(error))
    messages.success(request, f"已设为{row.name}的负责人。")
    return redirect("organisations:organisation", organisation_id)


@signed_in
def edit(request: HttpRequest, organisation_id: UUID | None = None) -> HttpResponse:
    """The form of an organisation."""
    viewer = viewer_of(request)
    row = queries.organisation_for(viewer, organisation_id) if organisation_id else None
    community_id = row.community_id if row else chosen_community(request).id
    may_keep_organisations(viewer, community_id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            saved = _save(request, community_id, organisation_id)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"{saved.name}已保存。")
            return redirect("organisations:organisation", saved.id)
    return _form(request, row, community_id, errors)


def _save(request: HttpRequest, community_id: UUID, organisation_id: UUID | None) -> queries.Organisation:
    post = request.POST
    kind = _kind(post.get("kind", ""))
    legal = next((one for one in LegalClass if one.value == post.get("legal_class")), LegalClass.NONE)
    if kind is None:
        raise BadInput("kind", "请选择类别。", field="kind")
    return actions.save_organisation(
        by=viewer_of(request), community_id=community_id, organisation_id=organisation_id, kind=kind, legal_class=legal,
        name=text(post, "name", 60), short_name=text(post, "short_name", 20), parent_id=key(post, "parent_id", "上级"),
        credit_code=text(post, "credit_code", 18), contact=text(post, "contact", 30), phone=text(post, "phone", 20),
        since=day(post, "since", "成立日期"), until=day(post, "until", "撤销日期"), seen=text(post, "seen", 20))


def _form(
    request: HttpRequest, row: queries.Organisation | None, community_id: UUID, errors: dict[str, str]
) -> HttpResponse:
    others = [one for one in queries.organisations_for(viewer_of(request), community_id) if one != row]
    return render(request, "organisations/edit.html", {
        "row": row, "errors": errors, "seen": queries.stamp(row) if row else "",
        "values": {name: request.POST.get(name, "") for name in _FIELDS} if errors else _values(row),
        "kinds": [("", "请选择"), *((kind.value, name) for kind, name in KIND_NAMES.items())],
        "legal": [(one.value, name) for one, name in LEGAL_NAMES.items()],
        "parents": [("", "没有上级"), *((str(one.id), one.name) for one in others)],
    }, status=422 if errors else 200)


def _values(row: queries.Organisation | None) -> dict[str, str]:
    if row is None:
        return dict.fromkeys(_FIELDS, "") | {"legal_class": LegalClass.NONE.value}
    return {name: str(getattr(row, name) or "") for name in _FIELDS}
