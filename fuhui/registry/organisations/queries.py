"""Reads of organisations: the tree, one organisation, members over time, who can be given cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from fuhui.registry.organisations.models import Membership, Organisation
from fuhui.registry.organisations.permissions import may_see_members, may_see_organisations
from fuhui.registry.organisations.rules import HANDLER_KINDS, KIND_NAMES, OrganisationKind
from fuhui.shared.errors import NotFound
from fuhui.shared.rows import stamp
from fuhui.shared.viewers import Viewer


class TreeLine(NamedTuple):
    """An organisation at its depth in the tree (0 for a root), with its present number of members."""

    depth: int
    organisation: Organisation
    members: int


class Handler(NamedTuple):
    """An organisation that cases can be assigned to."""

    organisation_id: UUID
    name: str
    kind: OrganisationKind
    kind_name: str
    contact: str
    phone: str


def _live() -> Q:
    today = timezone.localdate()
    return Q(until__isnull=True) | Q(until__gt=today)


def organisations_for(
    viewer: Viewer, community_id: UUID, *, kind: OrganisationKind | None = None, ended: bool = False
) -> QuerySet[Organisation]:
    """Organisations of a community that the viewer may see, by name; `ended` adds those that are no more."""
    if not viewer.sees(community_id) or not may_see_organisations(viewer, community_id).allowed:
        return Organisation.objects.none()
    found = Organisation.objects.filter(community_id=community_id)
    if kind:
        found = found.filter(kind=kind)
    return found if ended else found.filter(_live())


def organisation_for(viewer: Viewer, organisation_id: UUID) -> Organisation:
    """One organisation with its parent. Raises NotFound."""
    found = Organisation.objects.filter(pk=organisation_id, community_id__in=viewer.communities)
    organisation = found.select_related("parent").first()
    if organisation is None or not may_see_organisations(viewer, organisation.community_id).allowed:
        raise NotFound("organisation", "没有找到这个组织，或它不在您的权限范围内。")
    return organisation


def tree_for(viewer: Viewer, community_id: UUID) -> list[TreeLine]:
    """The whole tree, parents before children, each level by name. One statement."""
    today = timezone.localdate()
    live = Q(memberships__since__lte=today) & (Q(memberships__until__isnull=True) | Q(memberships__until__gt=today))
    counted = organisations_for(viewer, community_id).annotate(
        member_count=Count("memberships", filter=live)).order_by("name")
    children: dict[UUID | None, list[Organisation]] = defaultdict(list)
    rows = list(counted)
    known = {row.id for row in rows}
    for row in rows:
        children[row.parent_id if row.parent_id in known else None].append(row)
    return list(_walk(children))


def _walk(children: dict[UUID | None, list[Organisation]]) -> Iterator[TreeLine]:
    waiting = [(0, row) for row in reversed(children[None])]
    while waiting:
        depth, row = waiting.pop()
        yield TreeLine(depth, row, getattr(row, "member_count", 0))
        waiting += [(depth + 1, child) for child in reversed(children[row.id])]


def memberships_for(viewer: Viewer, organisation_id: UUID) -> QuerySet[Membership]:
    """Everybody who belongs or belonged to it, present ones first. Raises NotFound."""
    organisation = organisation_for(viewer, organisation_id)
    if not may_see_members(viewer, organisation.community_id, organisation_id).allowed:
        return Membership.objects.none()
    found = Membership.objects.filter(organisation=organisation_id).select_related("person", "account")
    return found.order_by("until", "-since")


def memberships_of_person(viewer: Viewer, person_id: UUID) -> QuerySet[Membership]:
    """The organisations a resident belongs or belonged to, in the viewer's scope."""
    found = Membership.objects.filter(person=person_id, community_id__in=viewer.communities)
    return found.select_related("organisation").order_by("until", "-since")


def members_of(viewer: Viewer, organisation_id: UUID) -> list[UUID]:
    """Accounts that belong to an organisation today, for telling them about its cases."""
    today = timezone.localdate()
    found = Membership.objects.filter(organisation=organisation_id, community_id__in=viewer.communities)
    return list(found.filter(_live(), since__lte=today, account__isnull=False).values_list("account_id", flat=True))


def handlers_for(viewer: Viewer, community_id: UUID) -> list[Handler]:
    """Organisations that cases of a community can be assigned to, by kind and name. One statement."""
    if not viewer.sees(community_id):
        return []
    rows = Organisation.objects.filter(_live(), community_id=community_id, kind__in=HANDLER_KINDS)
    return [
        Handler(row.id, row.name, OrganisationKind(row.kind), KIND_NAMES[OrganisationKind(row.kind)], row.contact,
                row.phone)
        for row in rows.order_by("kind", "name")
    ]


def handling_organisation(community_id: UUID, organisation_id: UUID) -> str | None:
    """The name of an organisation that cases of this community can be assigned to, else None."""
    rows = Organisation.objects.filter(_live(), community_id=community_id, pk=organisation_id, kind__in=HANDLER_KINDS)
    return rows.values_list("name", flat=True).first()


__all__ = [
    "Handler", "Membership", "Organisation", "TreeLine", "handlers_for", "handling_organisation", "members_of",
    "memberships_for", "memberships_of_person", "organisation_for", "organisations_for", "stamp", "tree_for",
]
