"""Accounts, roles, tokens: who may do what to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fuhui.registry.accounts import actions, queries
from fuhui.registry.accounts.models import Account, RoleGrant, today
from fuhui.registry.people.models import Person
from fuhui.registry.places.queries import Community
from fuhui.registry.places.tests.world import NEIGHBOUR, account, grid, install, open_community, viewer
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken, StalePage
from fuhui.shared.rows import stamp
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def fuhui() -> Community:
    return open_community()


def _audited() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT action FROM audit_entry ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_chen_opens_an_account_for_zhao_and_the_password_is_shown_once(fuhui: Community) -> None:
    one = grid(fuhui)
    chen = viewer("chen", Role.SECRETARY, fuhui)
    made = actions.create_account(by=chen, username="zhao", display_name="赵敏", role=Role.GRID_WORKER,
                                  community_id=fuhui.id, grid_id=one.id)
    assert made.account.check_password(made.password)
    assert made.account.password_is_temporary
    zhao = queries.viewer_of(made.account)
    assert zhao.grids(fuhui.id) == {one.id}
    assert {"accounts.create", "accounts.grant"} <= set(_audited())
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM audit_entry")
        assert not any(made.password in row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("role", [Role.STREET_OFFICER, Role.AUDITOR, Role.OPERATOR])
def test_chen_cannot_name_anybody_above_her_community(fuhui: Community, role: Role) -> None:
    chen = viewer("chen", Role.SECRETARY, fuhui)
    with pytest.raises(NotAllowed, match="系统管理员指定"):
        actions.create_account(by=chen, username="x", display_name="x", role=role, region_code="370611001")
    assert not Account.objects.filter(username="x").exists(), "nothing is left of the refused account"


def test_nobody_gives_themselves_a_role_not_even_an_operator(fuhui: Community) -> None:
    for by in (viewer("chen", Role.SECRETARY, fuhui), viewer("root", Role.OPERATOR)):
        assert by.account_id
        with pytest.raises(NotAllowed, match="给自己"):
            actions.grant_role(by=by, account_id=by.account_id, role=Role.HEALTH_WORKER, community_id=fuhui.id)


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.COMMUNITY_STAFF, Role.RESIDENT, Role.AUDITOR])
def test_other_staff_keep_no_accounts(fuhui: Community, role: Role) -> None:
    somebody = viewer("somebody", role, fuhui)
    with pytest.raises(NotAllowed):
        actions.create_account(by=somebody, username="x", display_name="x", role=Role.RESIDENT, community_id=fuhui.id)


def test_chen_has_no_reach_into_the_neighbours_community(fuhui: Community) -> None:
    neighbour = open_community(NEIGHBOUR, "南关社区")
    li = account("li", Role.GRID_WORKER, neighbour)
    chen = viewer("chen", Role.SECRETARY, fuhui)
    with pytest.raises(NotFound):
        actions.set_password(by=chen, account_id=li.id)
    with pytest.raises(NotAllowed):
        actions.grant_role(by=chen, account_id=li.id, role=Role.VOLUNTEER, community_id=neighbour.id)
    assert li not in queries.accounts_for(chen)


def test_chen_cannot_take_over_an_operator_who_also_serves_in_her_community(fuhui: Community) -> None:
    root = account("root", Role.OPERATOR)
    actions.grant_role(by=install(fuhui.id), account_id=root.id, role=Role.VOLUNTEER, community_id=fuhui.id)
    chen = viewer("chen", Role.SECRETARY, fuhui)
    for act in (actions.set_password, actions.deactivate_account, actions.remove_second_factor):
        with pytest.raises(NotAllowed, match="上级任职"):
            act(by=chen, account_id=root.id)
    with pytest.raises(NotAllowed):
        actions.issue_token(by=chen, username="root", name="偷用", days=1)


def test_an_account_is_linked_to_a_resident_of_the_own_community_only(fuhui: Community) -> None:
    wang = Person.objects.create(community_id=fuhui.id, name="王秀英")
    neighbour = open_community(NEIGHBOUR, "南关社区")
    li = Person.objects.create(community_id=neighbour.id, name="李四")
    chen = viewer("chen", Role.SECRETARY, fuhui)
    wanted: dict[str, Any] = {"display_name": "某", "role": Role.RESIDENT, "community_id": fuhui.id}
    assert actions.create_account(by=chen, username="wang", person_id=wang.id, **wanted).account.person_id == wang.id
    with pytest.raises(NotFound):
        actions.create_account(by=chen, username="li", person_id=li.id, **wanted)


def test_a_street_officer_sees_every_community_of_the_street_and_no_other(fuhui: Community) -> None:
    neighbour = open_community(NEIGHBOUR, "南关社区")
    far = open_community("370611002004", "蒲湾社区")
    officer = actions.create_account(by=install(), username="officer", display_name="孙处", role=Role.STREET_OFFICER,
                                     region_code="370611001").account
    assert set(queries.viewer_of(officer).communities) == {fuhui.id, neighbour.id}
    assert far.id not in queries.viewer_of(officer).communities


def test_a_role_ends_at_once_and_stays_as_history(fuhui: Community) -> None:
    chen = viewer("chen", Role.SECRETARY, fuhui)
    wang = actions.create_account(by=chen, username="wang", display_name="王秀英", role=Role.VOLUNTEER,
                                  community_id=fuhui.id).account
    line, = queries.grant_lines_for(chen, wang.id)
    assert (line.role_name, line.place, line.is_live) == ("志愿者", "福惠社区", True)
    actions.end_grant(by=chen, grant_id=line.id)
    assert queries.viewer_of(wang).roles == frozenset()
    assert queries.grant_lines_for(chen, wang.id)[0].until == today()
    with pytest.raises(RuleBroken, match="已经结束"):
        actions.end_grant(by=chen, grant_id=line.id)
    actions.grant_role(by=chen, account_id=wang.id, role=Role.VOLUNTEER, community_id=fuhui.id)
    with pytest.raises(RuleBroken, match="已经有这个角色"):
        actions.grant_role(by=chen, account_id=wang.id, role=Role.VOLUNTEER, community_id=fuhui.id)


def test_a_role_counts_from_the_morning_it_is_given_in_shanghai(fuhui: Community) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fuhui_today(), (now() AT TIME ZONE 'Asia/Shanghai')::date")
        assert len(set(cursor.fetchone())) == 1
    assert queries.viewer_of(account("early", Role.VOLUNTEER, fuhui)).roles == {Role.VOLUNTEER}


@pytest.mark.parametrize(("change", "words"), [
    ({"username": "has space"}, "用户名"), ({"username": ""}, "用户名"), ({"display_name": " "}, "姓名"),
    ({"role": Role.STREET_OFFICER}, "区划代码"), ({"community_id": None}, "社区"), ({"password": "12345678"}, "密码"),
])
def test_what_cannot_be_an_account_gets_a_sentence(fuhui: Community, change: dict[str, Any], words: str) -> None:
    wanted: dict[str, Any] = {"username": "x", "display_name": "某", "role": Role.VOLUNTEER, "community_id": fuhui.id}
    with pytest.raises(BadInput, match=words):
        actions.create_account(by=install(fuhui.id), **(wanted | change))


def test_a_user_name_is_given_once_and_a_stale_page_changes_nothing(fuhui: Community) -> None:
    zhao = account("zhao", Role.VOLUNTEER, fuhui)
    with pytest.raises(RuleBroken, match="已经有人用"):
        account("zhao", Role.VOLUNTEER, fuhui)
    by, seen = install(fuhui.id), stamp(Account.objects.get(pk=zhao.pk))
    actions.change_account(by=by, account_id=zhao.id, display_name="赵大姐", seen=seen)
    with pytest.raises(StalePage):
        actions.change_account(by=by, account_id=zhao.id, display_name="旧页面", seen=seen)


def test_a_token_acts_as_its_account_until_it_is_revoked_expires_or_the_account_stops(fuhui: Community) -> None:
    zhao = account("zhao", Role.GRID_WORKER, fuhui)
    chen = viewer("chen", Role.SECRETARY, fuhui)
    first = actions.issue_token(by=chen, username="zhao", name="对接", days=30)
    second = actions.issue_token(by=chen, username="zhao", name="另一个", days=30)
    found = queries.viewer_of_token(first)
    assert found is not None
    assert found.account_id == zhao.id
    assert found.has(Role.GRID_WORKER, community_id=fuhui.id)
    newest, oldest = queries.tokens_for(chen, zhao.id)
    actions.revoke_token(by=chen, token_id=oldest.id)
    assert queries.viewer_of_token(first) is None
    actions.deactivate_account(by=chen, account_id=zhao.id)
    assert queries.viewer_of_token(second) is None
    actions.reactivate_account(by=chen, account_id=zhao.id)
    newest.expires_at = timezone.now() - timedelta(seconds=1)
    newest.save()
    assert queries.viewer_of_token(second) is None
    assert queries.viewer_of_token("fh_guess") is None
    with pytest.raises(BadInput):
        actions.issue_token(by=chen, username="zhao", name="太久", days=1000)
    with pytest.raises(NotFound):
        actions.issue_token(by=chen, username="nobody", name="x", days=1)


def test_the_last_operator_cannot_be_removed_by_any_way(fuhui: Community) -> None:
    root = viewer("root", Role.OPERATOR)
    assert root.account_id
    grant = RoleGrant.objects.get(account=root.account_id)
    by = install(fuhui.id)
    with pytest.raises(RuleBroken, match="最后一位系统管理员"):
        actions.end_grant(by=by, grant_id=grant.id)
    with pytest.raises(RuleBroken, match="最后一位系统管理员"):
        actions.deactivate_account(by=by, account_id=root.account_id)
    for statement in ("DELETE FROM accounts_rolegrant WHERE id = %s", "UPDATE accounts_rolegrant SET role = 'auditor'"
                      " WHERE id = %s"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [grant.id])
    account("second", Role.OPERATOR)
    scope.enter(by)
    actions.deactivate_account(by=by, account_id=root.account_id)


def test_staff_to_choose_from_are_those_who_work_here_today(fuhui: Community) -> None:
    one = grid(fuhui)
    zhao = account("zhao", Role.GRID_WORKER, fuhui, grid_id=one.id)
    gone = account("gone", Role.GRID_WORKER, fuhui, grid_id=one.id)
    chen = viewer("chen", Role.SECRETARY, fuhui)
    actions.deactivate_account(by=chen, account_id=gone.id)
    found = queries.staff_for(chen, fuhui.id, Role.GRID_WORKER, Role.COMMUNITY_STAFF)
    assert [(one.account_id, one.grid_id) for one in found] == [(zhao.id, one.id)]
