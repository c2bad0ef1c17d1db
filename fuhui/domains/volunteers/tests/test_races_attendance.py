"""One arrival sent by twenty hands counts once, hours go into the book once; the controls show the races are real."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from fuhui.domains.volunteers.actions import attendance as actions
from fuhui.domains.volunteers.actions.attendance import scan
from fuhui.domains.volunteers.actions.hours import Approval, approve_hours, count_hours
from fuhui.domains.volunteers.actions.signing_up import sign_up
from fuhui.domains.volunteers.models import Attendance, Scan, Shift, SignUp
from fuhui.domains.volunteers.tests.conftest import People, account_of, called, registered
from fuhui.domains.volunteers.tests.test_attendance import at, shown
from fuhui.registry.ledger.models import ServiceRecord
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import make_account
from tests.racing import as_owner, failures, race

PARALLEL = 20
_LONG_AGO = timezone.now() - timedelta(days=60)


@pytest.fixture
def chen(town: People) -> Viewer:
    """Chen the secretary, committed."""
    return make_account("chen", "陈静", Role.SECRETARY, town.community)


@pytest.fixture
def lin(town: People) -> Viewer:
    """林晓 with her account, committed."""
    return account_of(town, town.lin, "lin", "林晓")


@pytest.fixture
def place(town: People, lin: Viewer) -> SignUp:
    """She signed up for a shift of two months ago."""
    with at(_LONG_AGO):
        shift = called(town, (9, 11))[0]
    row = registered(town, town.lin)
    with at(_LONG_AGO + timedelta(hours=1)), acting(system("tests", town.community.id)) as by:
        return sign_up(by=by, shift_id=shift.pk, volunteer_id=row.pk)


def _scans(lin: Viewer, shift: Shift, *, same: bool, minutes: int = 0) -> list[Any]:
    key, moment = new_id(), shift.starts_at + timedelta(minutes=minutes)
    code = shown(shift, moment)
    with at(moment):
        return race(*[
            (lin, lambda: scan(by=lin, code=code, client_uuid=key if same else new_id(), at=moment))
        ] * PARALLEL)


def _counted(lin: Viewer) -> tuple[int, int]:
    with acting(lin):
        return Attendance.objects.count(), Scan.objects.count()


def test_one_check_in_sent_twenty_times_is_one(lin: Viewer, place: SignUp) -> None:
    found = _scans(lin, place.shift, same=True)
    assert not failures(found)
    assert {one.outcome for one in found} == {"in"}
    assert _counted(lin) == (1, 1)


def test_twenty_taps_at_one_moment_are_one_arrival_and_no_departure(lin: Viewer, place: SignUp) -> None:
    found = _scans(lin, place.shift, same=False)
    assert sorted(one.outcome for one in found) == ["again"] * (PARALLEL - 1) + ["in"]
    with acting(lin):
        assert Attendance.objects.get().left_at is None


def test_without_lock_and_index_one_arrival_would_be_many(
    lin: Viewer, place: SignUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(*_: Any) -> tuple[Shift, SignUp, None]:
        row = SignUp.objects.select_related("shift", "volunteer").get(pk=place.pk)
        return row.shift, row, None

    monkeypatch.setattr(actions, "_judge", unlocked)
    refused = failures(_scans(lin, place.shift, same=False))
    assert all("volunteers_attendance_once" in str(one) for one in refused)
    assert _counted(lin)[0] == 1
    with acting(lin):
        Attendance.objects.all().delete()
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE volunteers_attendance DROP CONSTRAINT IF EXISTS volunteers_attendance_once")
        cursor.execute("DROP INDEX IF EXISTS volunteers_attendance_once")
    _scans(lin, place.shift, same=False)
    assert _counted(lin)[0] > 1


def _noted(town: People, lin: Viewer, chen: Viewer, place: SignUp) -> Attendance:
    for minutes in (0, 120):
        _scans(lin, place.shift, same=True, minutes=minutes)
    with acting(lin):
        row = Attendance.objects.get()
    with at(place.shift.ends_at + timedelta(hours=1)), acting(chen):
        approve_hours(by=chen, shift_id=place.shift_id, approvals={row.pk: Approval(120)})
    return row


def test_twenty_jobs_count_the_hours_once(town: People, lin: Viewer, chen: Viewer, place: SignUp) -> None:
    _noted(town, lin, chen, place)
    by = system("volunteers.count_hours", town.community.id)
    found = race(*[(by, lambda: count_hours(by=by, shift_id=place.shift_id))] * PARALLEL)
    assert not failures(found)
    assert sum(found) == 1
    with acting(chen):
        assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("approved_person_id = person_id", "volunteers_attendance_other_approves"),
        ("approved = 1441", "volunteers_attendance_day"),
        ("left_at = came_at - interval '1 minute'", "volunteers_attendance_order"),
        ("approved = NULL", "volunteers_attendance_approved"),
        ("state = 'no_show'", "volunteers_attendance_absent"),
    ],
)
def test_the_database_itself_refuses(
    town: People, lin: Viewer, chen: Viewer, place: SignUp, change: str, name: str
) -> None:
    _noted(town, lin, chen, place)
    change_it = f"UPDATE volunteers_attendance SET {change}"
    with pytest.raises(IntegrityError, match=name), as_owner() as cursor:
        cursor.execute(change_it)
    with as_owner() as cursor:
        cursor.execute(f"ALTER TABLE volunteers_attendance DROP CONSTRAINT {name}")
        if name == "volunteers_attendance_absent":
            cursor.execute("ALTER TABLE volunteers_attendance DROP CONSTRAINT volunteers_attendance_booked")
        cursor.execute(change_it)
        assert cursor.rowcount == 1
