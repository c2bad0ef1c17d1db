"""A community and people for the tests of shared rooms, which know no registry."""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model

from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Grant, Role, Viewer, system


def make_community(code: str = "990000000000", name: str = "福惠社区") -> UUID:
    """A community in a region of its own; the code is one that is not assigned."""
    region = apps.get_model("places", "Region").objects.create(code=code, name=name, level="province")
    community: UUID = apps.get_model("places", "Community").objects.create(region=region, name=name).id
    return community


def viewer_as(role: Role, community: UUID, name: str = "陈静") -> Viewer:
    """Somebody in a role, without an account in the database."""
    return Viewer(
        account_id=new_id(), name=name, grants=(Grant(role, community),), communities=(community,),
        roles=frozenset({role}),
    )


def make_account(role: Role, community: UUID, username: str = "chen") -> Viewer:
    """An account with a role; an operator's holds for the whole installation."""
    account = get_user_model().objects.create(username=username, display_name="陈静")
    with acting(system("tests", community)):
        apps.get_model("accounts", "RoleGrant").objects.create(
            account=account, role=role, community_id=None if role is Role.OPERATOR else community
        )
    return Viewer(
        account_id=account.pk, name="陈静", grants=(Grant(role, community),), communities=(community,),
        roles=frozenset({role}),
    )
