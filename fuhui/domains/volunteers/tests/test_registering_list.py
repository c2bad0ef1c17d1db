"""A team's signed list is registered in one step, and what could not be done is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fuhui.domains.volunteers.actions.registering import set_state
from fuhui.domains.volunteers.actions.registering_list import Registered, register_list
from fuhui.domains.volunteers.actions.teams import ask_to_join
from fuhui.domains.volunteers.models import Joining, Volunteer
from fuhui.domains.volunteers.registered import REGISTERED
from fuhui.domains.volunteers.rules.registration import VolunteerState
from fuhui.domains.volunteers.tests.conftest import People, registered
from fuhui.registry.ledger.registry import all_rows
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.shared.errors import BadInput, NotAllowed
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen(people: People) -> Viewer:
    """The secretary."""
    return make_account("chen", "陈静", Role.SECRETARY, people.community)


def _enter(by: Viewer, people: People, roll: str, *, agreed: bool = True) -> Registered:
    with acting(by):
        return register_list(by=by, team_id=people.rainbow, roll=roll, agreed=agreed)


def test_a_list_makes_volunteers_with_skills_and_members_of_the_team(people: People, chen: Viewer) -> None:
    assert _enter(chen, people, "林晓 陪伴照护\n周航") == Registered(2, 2)
    with acting(chen):
        rows = list(Volunteer.objects.order_by("order"))
        assert [(row.person.name, row.number[-4:], row.skills) for row in rows] == [
            ("林晓", "0001", ["care"]), ("周航", "0002", []),
        ]
        assert rows[0].grid_id == people.community.grids[3]
        assert set(Joining.objects.values_list("team", "state")) == {(people.rainbow, "confirmed")}


def test_the_same_list_again_changes_nothing(people: People, chen: Viewer) -> None:
    _enter(chen, people, "林晓\n周航")
    assert _enter(chen, people, "林晓\n周航\n林晓") == Registered(0, 0)


def test_minors_strangers_and_those_who_rest_are_left_out_with_the_reason(people: People, chen: Viewer) -> None:
    resting = registered(people, people.zhou)
    with acting(chen):
        set_state(by=chen, volunteer_id=resting.pk, state=VolunteerState.PAUSED)
    found = _enter(chen, people, "林晓\n周航\n张小雨\n何叔叔\n何叔")
    assert (found.new, found.joined) == (1, 1)
    reasons = dict(found.left_out)
    assert "监护人" in reasons["张小雨"]
    assert "没有找到" in reasons["何叔叔"]
    assert "出生日期" in reasons["何叔"]
    assert "恢复" in reasons["周航"]


def test_who_waits_for_the_leader_is_confirmed_by_the_list(people: People, chen: Viewer) -> None:
    lin = registered(people, people.lin)
    with acting(chen):
        ask_to_join(by=chen, volunteer_id=lin.pk, team_id=people.rainbow)
    assert _enter(chen, people, "林晓") == Registered(0, 1)
    with acting(chen):
        assert Joining.objects.get().state == "confirmed"


def test_nobody_is_registered_without_their_will_or_by_a_leader(people: People, chen: Viewer, leader: Viewer) -> None:
    with pytest.raises(BadInput):
        _enter(chen, people, "林晓", agreed=False)
    with pytest.raises(NotAllowed):
        _enter(leader, people, "林晓")
    with acting(chen):
        assert not Volunteer.objects.exists()


def test_volunteers_and_teams_are_figures_that_open(people: People, chen: Viewer) -> None:
    _enter(chen, people, "林晓\n周航")
    today = timezone.localdate()
    with acting(chen):
        ask = Ask(community=people.community.id, since=today - timedelta(days=9), until=today)
        found = {one.definition.code: one for one in REGISTERED.measure(chen, ask)}
        assert {code: one.value for code, one in found.items()} == {"volunteers": 2, "volunteer_teams": 1}
        for code, one in found.items():
            assert len(all_rows(chen, ask, REGISTERED, code)) == one.records == one.value
        before = Ask(community=ask.community, since=ask.since, until=today - timedelta(days=1))
        assert [one.value for one in REGISTERED.measure(chen, before)] == [0, 0]
