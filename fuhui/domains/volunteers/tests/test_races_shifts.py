"""The last place and the same hour with twenty hands; the controls show that the races are real."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from fuhui.domains.volunteers.actions.signing_up import sign_up
from fuhui.domains.volunteers.models import Shift, SignUp, Volunteer
from fuhui.domains.volunteers.tests.conftest import People, called, registered
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


def _crowd(town: People, chen: Viewer) -> list[UUID]:
    with acting(chen):
        ids = [Person.objects.create(community_id=town.community.id, name=f"志愿者{place}",
                                     birth_date="1980-01-01").pk for place in range(PARALLEL)]
    return [registered(town, person).pk for person in ids]


def _bare(chen: Viewer, shift: Shift, volunteer: UUID) -> Any:
    """What the action writes, without its locks: only the database stands in the way."""
    return chen, lambda: SignUp.objects.create(
        community_id=shift.community_id, shift_id=shift.pk, volunteer_id=volunteer, signed_by="x",
        during=(shift.starts_at, shift.ends_at))


def test_three_places_for_twenty_are_three(town: People, chen: Viewer) -> None:
    shift = called(town, (9, 11), capacity=3)[0]
    crowd = _crowd(town, chen)
    take = [(chen, lambda who=who: sign_up(by=chen, shift_id=shift.pk, volunteer_id=who)) for who in crowd]
    refused = failures(race(*take))
    assert [getattr(one, "code", one) for one in refused] == ["full"] * (PARALLEL - 3)
    with acting(chen):
        assert (Shift.objects.get(pk=shift.pk).taken, SignUp.objects.filter(is_live=True).count()) == (3, 3)


def test_without_the_check_the_last_place_would_be_given_again_and_again(town: People, chen: Viewer) -> None:
    first, second = called(town, (9, 11), (14, 16), capacity=3)
    crowd = _crowd(town, chen)
    refused = failures(race(*[_bare(chen, first, who) for who in crowd]))
    assert len(refused) == PARALLEL - 3
    assert all("volunteers_shift_not_oversold" in str(one) for one in refused)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE volunteers_shift DROP CONSTRAINT volunteers_shift_not_oversold")
    assert not failures(race(*[_bare(chen, second, who) for who in crowd]))
    with acting(chen):
        assert SignUp.objects.filter(shift=second, is_live=True).count() == PARALLEL


def test_one_volunteer_in_twenty_shifts_at_one_hour_is_in_one(town: People, chen: Viewer) -> None:
    row = registered(town, town.lin)
    shifts = called(town, *[(9, 11)] * PARALLEL)
    take = [(chen, lambda where=where: sign_up(by=chen, shift_id=where.pk, volunteer_id=row.pk)) for where in shifts]
    refused = failures(race(*take))
    assert [getattr(one, "code", one) for one in refused] == ["collides"] * (PARALLEL - 1)
    with acting(chen):
        assert SignUp.objects.filter(is_live=True).count() == 1


def test_without_the_exclusion_one_volunteer_would_be_everywhere(town: People, chen: Viewer) -> None:
    row = registered(town, town.lin)
    shifts = called(town, *[(9, 11)] * PARALLEL)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE volunteers_sign_up DROP CONSTRAINT volunteers_sign_up_one_place")
    race(*[_bare(chen, where, row.pk) for where in shifts])
    with acting(chen):
        assert SignUp.objects.filter(is_live=True).count() == PARALLEL
        assert Volunteer.objects.count() == 1
