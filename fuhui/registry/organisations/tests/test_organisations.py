"""The tree of organisations and memberships over time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction

from fuhui.registry.organisations import actions, queries
from fuhui.registry.organisations.joins import move_memberships
from fuhui.registry.organisations.models import Membership, Organisation
from fuhui.registry.organisations.rules import OrganisationKind, is_credit_code
from fuhui.registry.people.models import Person
from fuhui.registry.places.queries import Community
from fuhui.registry.places.tests.test_races import in_threads
from fuhui.registry.places.tests.world import NEIGHBOUR, account, install, open_community, viewer
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken, StalePage
from fuhui.shared.rows import stamp
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import Role

PARTY, PROPERTY, TEAM = OrganisationKind.PARTY, OrganisationKind.PROPERTY_COMPANY, OrganisationKind.VOLUNTEER_TEAM


@pytest.fixture
def fuhui(db: None) -> Community:
    return open_community()


def _add(community: Community, name: str, parent: Organisation | None = None, **more: Any) -> Organisation:
    return actions.save_organisation(by=install(community.id), community_id=community.id, name=name,
                                     kind=more.pop("kind", PARTY), parent_id=parent.id if parent else None, **more)


def _person(community: Community, name: str) -> Person:
    return Person.objects.create(community_id=community.id, name=name)


@pytest.mark.parametrize(("code", "right"), [
    ("91350100M000100Y43", True), ("91350100M000100Y44", False), ("91350100M000100I43", False), ("", False),
    ("91350100m000100y43", False),
])
def test_a_credit_code_is_checked_by_its_last_character(code: str, right: bool) -> None:
    assert is_credit_code(code) is right


def test_the_tree_shows_parents_before_children_with_their_members(fuhui: Community) -> None:
    party = _add(fuhui, "福惠社区党委")
    branch = _add(fuhui, "第一党支部", party)
    _add(fuhui, "安居物业", kind=PROPERTY)
    actions.add_member(by=install(fuhui.id), organisation_id=branch.id, person_id=_person(fuhui, "王秀英").id)
    chen = viewer("chen", Role.SECRETARY, fuhui)
    lines = [(line.depth, line.organisation.name, line.members) for line in queries.tree_for(chen, fuhui.id)]
    assert lines == [(0, "安居物业", 0), (0, "福惠社区党委", 0), (1, "第一党支部", 1)]


def test_an_organisation_cannot_be_above_itself(fuhui: Community) -> None:
    top = _add(fuhui, "上")
    middle = _add(fuhui, "中", top)
    bottom = _add(fuhui, "下", middle)
    for child in (bottom, top):
        with pytest.raises(RuleBroken, match="绕成一圈"):
            actions.save_organisation(by=install(fuhui.id), community_id=fuhui.id, organisation_id=top.id, kind=PARTY,
                                      name="上", parent_id=child.id)


def test_names_codes_phones_and_stale_pages_are_refused_with_a_sentence(fuhui: Community) -> None:
    one = _add(fuhui, "安居物业", kind=PROPERTY, credit_code="91350100m000100y43", phone="0535-6360001")
    assert one.credit_code == "91350100M000100Y43"
    for change, words in (({"name": "安居物业"}, "同名"), ({"credit_code": "91350100M000100Y43"}, "另一个组织"),
                          ({"credit_code": "91350100M000100Y44"}, "校验码"), ({"phone": "x"}, "电话"),
                          ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "撤销日期")):
        with pytest.raises((BadInput, RuleBroken), match=words):
            _add(fuhui, **({"name": "另一家"} | change))
    seen = stamp(one)
    actions.save_organisation(by=install(fuhui.id), community_id=fuhui.id, organisation_id=one.id, kind=PROPERTY,
                              name="安居物业公司", seen=seen)
    with pytest.raises(StalePage):
        actions.save_organisation(by=install(fuhui.id), community_id=fuhui.id, organisation_id=one.id, kind=PROPERTY,
                                  name="旧页面", seen=seen)


def test_wang_joins_once_leaves_and_joins_again(fuhui: Community) -> None:
    team, wang = _add(fuhui, "红马甲", kind=TEAM), _person(fuhui, "王秀英")
    by = install(fuhui.id)
    first = actions.add_member(by=by, organisation_id=team.id, person_id=wang.id, since=date(2026, 1, 1))
    with pytest.raises(RuleBroken, match="已经担任"):
        actions.add_member(by=by, organisation_id=team.id, person_id=wang.id, since=date(2026, 3, 1))
    actions.add_member(by=by, organisation_id=team.id, person_id=wang.id, since=date(2026, 3, 1), title="队长")
    actions.end_membership(by=by, membership_id=first.id, on=date(2026, 6, 1))
    actions.add_member(by=by, organisation_id=team.id, person_id=wang.id, since=date(2026, 6, 1))
    assert [row.title for row in queries.memberships_of_person(by, wang.id)].count("成员") == 2
    with pytest.raises(BadInput):
        actions.add_member(by=by, organisation_id=team.id)
    zhao = account("zhao")
    scope.enter(by)
    with pytest.raises(BadInput, match="二选一"):
        actions.add_member(by=by, organisation_id=team.id, person_id=wang.id, account_id=zhao.id)


def test_a_merge_moves_memberships_and_drops_what_would_be_double(fuhui: Community) -> None:
    team, kept, merged = _add(fuhui, "红马甲", kind=TEAM), _person(fuhui, "王秀英"), _person(fuhui, "王秀瑛")
    by = install(fuhui.id)
    for person, title in ((kept, "成员"), (merged, "成员"), (merged, "队长")):
        actions.add_member(by=by, organisation_id=team.id, person_id=person.id, title=title, since=date(2026, 1, 1))
    done: Any = move_memberships(by=by, community_id=fuhui.id, kept=kept.id, merged=merged.id)
    assert (len(done["moved"]), len(done["dropped"])) == (1, 1)
    assert {row.title for row in queries.memberships_of_person(by, kept.id)} == {"成员", "队长"}
    assert not queries.memberships_of_person(by, merged.id)


def test_a_leader_keeps_the_members_of_the_own_organisation_only(fuhui: Community) -> None:
    mine, other = _add(fuhui, "红马甲", kind=TEAM), _add(fuhui, "夕阳红", kind=TEAM)
    wang = _person(fuhui, "王秀英")
    leader = viewer("leader", Role.ORGANISATION_LEADER, fuhui, organisation_id=mine.id)
    actions.add_member(by=leader, organisation_id=mine.id, person_id=wang.id)
    with pytest.raises(NotAllowed):
        actions.add_member(by=leader, organisation_id=other.id, person_id=wang.id)
    with pytest.raises(NotAllowed):
        actions.save_organisation(by=leader, community_id=fuhui.id, kind=TEAM, name="新的")
    assert queries.memberships_for(leader, mine.id).count() == 1
    assert queries.memberships_for(leader, other.id).count() == 0


def test_cases_can_go_to_departments_and_property_companies(fuhui: Community) -> None:
    _add(fuhui, "安居物业", kind=PROPERTY, contact="孙经理", phone="0535-6360001")
    _add(fuhui, "红马甲", kind=TEAM)
    _add(fuhui, "旧物业", kind=PROPERTY, until=date(2020, 1, 1))
    found = queries.handlers_for(install(fuhui.id), fuhui.id)
    assert [(one.name, one.kind_name, one.contact) for one in found] == [("安居物业", "物业公司", "孙经理")]


def test_the_neighbours_see_no_organisation_and_no_row_points_into_another_community(fuhui: Community) -> None:
    team = _add(fuhui, "红马甲", kind=TEAM)
    neighbour = open_community(NEIGHBOUR, "南关社区")
    li = viewer("li", Role.SECRETARY, neighbour)
    with pytest.raises(NotFound):
        queries.organisation_for(li, team.id)
    with pytest.raises(NotFound):
        actions.add_member(by=li, organisation_id=team.id, account_id=li.account_id)
    assert not Organisation.objects.exists(), "row-level security hides it as well"
    scope.enter(install(fuhui.id, neighbour.id))
    Organisation.objects.create(community_id=neighbour.id, name="越界", kind=TEAM, parent_id=team.id)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _at_once(community: Community, *works: Callable[[], object]) -> list[str]:
    done: list[str] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        install(community.id)
        start.wait()
        try:
            work()
            done.append("done")
        except RuleBroken:
            done.append("refused")

    in_threads(*(lambda work=work: run(work) for work in works))
    return sorted(done)


def _under_each_other(community: Community) -> list[str]:
    first, second = _add(community, "甲"), _add(community, "乙")

    def move(child: Organisation, parent: UUID) -> None:
        with transaction.atomic():
            Organisation.objects.filter(pk=child.pk).update(parent_id=parent)

    def moved(child: Organisation, parent: UUID) -> None:
        try:
            move(child, parent)
        except IntegrityError as error:
            raise RuleBroken("circle", "") from error

    return _at_once(community, lambda: moved(first, second.id), lambda: moved(second, first.id))


def test_two_who_put_two_branches_under_each_other_at_once_make_no_circle(fresh_database: str) -> None:
    assert _under_each_other(open_community()) == ["done", "refused"]


def test_without_the_trigger_there_would_be_a_circle(fresh_database: str) -> None:
    community = open_community()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE organisations_organisation DISABLE TRIGGER organisations_circle")
    connections["owner"].close()
    assert _under_each_other(community) == ["done", "done"]


def _join_twice(community: Community) -> list[str]:
    team, wang = _add(community, "红马甲", kind=TEAM), _person(community, "王秀英")
    by = install(community.id)

    def join() -> object:
        return actions.add_member(by=by, organisation_id=team.id, person_id=wang.id, since=date(2026, 1, 1))

    return _at_once(community, join, join)


def test_a_member_added_twice_at_once_is_a_member_once(fresh_database: str) -> None:
    assert _join_twice(open_community()) == ["done", "refused"]
    assert Membership.objects.count() == 1


def test_without_the_constraint_the_member_would_be_there_twice(fresh_database: str) -> None:
    community = open_community()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE organisations_membership DROP CONSTRAINT organisations_membership_no_overlap")
    connections["owner"].close()
    assert _join_twice(community) == ["done", "done"]
