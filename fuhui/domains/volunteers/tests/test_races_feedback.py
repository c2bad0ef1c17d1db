"""Twenty hands write down what old He said of one shift; the control shows that the race is real."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fuhui.domains.volunteers.actions.attendance import mark
from fuhui.domains.volunteers.actions.feedback import rate_shift
from fuhui.domains.volunteers.actions.hours import Approval, approve_hours
from fuhui.domains.volunteers.actions.signing_up import sign_up
from fuhui.domains.volunteers.models import Attendance, Feedback, Shift
from fuhui.domains.volunteers.rules.attendance import Way
from fuhui.domains.volunteers.rules.feedback import Said
from fuhui.domains.volunteers.tests.conftest import People, called, registered
from fuhui.domains.volunteers.tests.test_attendance import at
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import make_account
from tests.racing import as_owner, failures, race

PARALLEL = 20
_LONG_AGO = timezone.now() - timedelta(days=60)


@pytest.fixture
def sun(town: People) -> Viewer:
    """Sun of the staff, committed."""
    return make_account("sun", "孙丽", Role.COMMUNITY_STAFF, town.community)


@pytest.fixture
def done(town: People) -> Shift:
    """A shift of two months ago with approved hours."""
    with at(_LONG_AGO):
        shift = called(town, (9, 11))[0]
    row = registered(town, town.lin)
    with acting(system("tests", town.community.id)) as by:
        with at(_LONG_AGO + timedelta(hours=1)):
            place = sign_up(by=by, shift_id=shift.pk, volunteer_id=row.pk)
        with at(shift.ends_at):
            mark(by=by, sign_up_id=place.pk, way=Way.IN, at=shift.starts_at)
            mark(by=by, sign_up_id=place.pk, way=Way.OUT, at=shift.ends_at)
            found = Attendance.objects.get(sign_up=place)
            approve_hours(by=by, shift_id=shift.pk, approvals={found.pk: Approval(120)})
    return shift


def _twenty(town: People, sun: Viewer, shift: Shift) -> list[Any]:
    with at(shift.ends_at + timedelta(days=1)):
        return race(*[(sun, lambda: rate_shift(by=sun, shift_id=shift.pk, person_id=town.he,
                                               said=Said(2, "来晚了", way="phone")))] * PARALLEL)


def test_twenty_hands_write_it_down_once(town: People, sun: Viewer, done: Shift) -> None:
    refused = failures(_twenty(town, sun, done))
    assert [getattr(one, "code", one) for one in refused] == ["volunteers_feedback_shift_once"] * (PARALLEL - 1)
    with acting(sun):
        assert Feedback.objects.count() == 1


def test_without_the_constraint_it_would_stand_there_many_times(town: People, sun: Viewer, done: Shift) -> None:
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE volunteers_feedback DROP CONSTRAINT volunteers_feedback_shift_once")
    assert not failures(_twenty(town, sun, done))
    with acting(sun):
        assert Feedback.objects.count() == PARALLEL
