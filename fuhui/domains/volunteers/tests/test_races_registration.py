"""Twenty register at once; the controls show that the races are real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fuhui.domains.volunteers.actions.registering import register_volunteer
from fuhui.domains.volunteers.actions.teams import ask_to_join
from fuhui.domains.volunteers.models import Joining, Volunteer
from fuhui.domains.volunteers.tests.conftest import People, entry, registered
from fuhui.registry.people.models import Person
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import make_account
from tests.racing import as_owner, failures, race

PARALLEL = 20


@pytest.fixture
def chen(town: People) -> Viewer:
    """Chen the secretary, committed."""
    return make_account("chen", "陈静", Role.SECRETARY, town.community)


def _register(chen: Viewer, person: Any) -> Callable[[], Any]:
    return lambda: register_volunteer(by=chen, person_id=person, entry=entry())


def test_one_person_registered_twenty_times_is_one_volunteer(town: People, chen: Viewer) -> None:
    refused = failures(race(*[(chen, _register(chen, town.lin))] * PARALLEL))
    assert [getattr(one, "code", one) for one in refused] == ["volunteers_person_once"] * (PARALLEL - 1)
    with acting(chen):
        assert Volunteer.objects.count() == 1


def test_without_the_constraint_one_person_would_be_many_volunteers(town: People, chen: Viewer) -> None:
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE volunteers_volunteer DROP CONSTRAINT volunteers_person_once")
    race(*[(chen, _register(chen, town.lin))] * PARALLEL)
    with acting(chen):
        assert Volunteer.objects.count() > 1


def test_twenty_people_at_once_have_twenty_running_numbers(town: People, chen: Viewer) -> None:
    with acting(chen):
        ids = [Person.objects.create(community_id=town.community.id, name=f"志愿者{place}",
                                     birth_date="1980-01-01").pk for place in range(PARALLEL)]
    assert not failures(race(*[(chen, _register(chen, person)) for person in ids]))
    with acting(chen):
        assert sorted(Volunteer.objects.values_list("order", flat=True)) == list(range(1, PARALLEL + 1))


def test_one_request_to_join_sent_twenty_times_is_one(town: People, chen: Viewer) -> None:
    row = registered(town, town.lin)
    ask = lambda: ask_to_join(by=chen, volunteer_id=row.pk, team_id=town.rainbow)  # noqa: E731
    assert len(failures(race(*[(chen, ask)] * PARALLEL))) == PARALLEL - 1
    with acting(chen):
        assert Joining.objects.count() == 1
        one = Joining.objects.get()
        with as_owner() as cursor:
            cursor.execute("DROP INDEX volunteers_joining_once")
        Joining.objects.create(community_id=one.community_id, team_id=one.team_id, volunteer_id=one.volunteer_id,
                               asked_by="x")
        assert Joining.objects.count() == 2
