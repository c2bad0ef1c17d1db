"""What must never break holds when twenty press at once; each control shows that the race is real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from fuhui.domains.activities.actions import attending, listing, signing
from fuhui.domains.activities.actions.attending import check_in, close_activity
from fuhui.domains.activities.actions.signing import leave, sign_up
from fuhui.domains.activities.models import Activity, CheckIn, SignUp
from fuhui.domains.activities.rules.activity import Party
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.registry.ledger.models import ServiceRecord
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.racing import as_owner, count, failures, race

PARALLEL = 20
_PLACES = "SELECT coalesce(sum(heads), 0) FROM activities_signup WHERE state IN ('confirmed', 'offered')"


def _press(town: Town, activity: Activity, number: int) -> tuple[Viewer, Callable[[], Any]]:
    party = Party(name=f"居民{number}", phone="19900000021")
    by = town.visitor
    return by, lambda: sign_up(by=by, activity_id=activity.pk, party=party, request_key=new_id())


def _held(town: Town) -> int:
    with acting(town.chen):
        return count(_PLACES)


def _unlocked(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Takes the lock out of the action, so that only the database stands."""
    monkeypatch.setattr(module, "lock_activity", lambda by, activity_id: Activity.objects.get(pk=activity_id))


def test_five_places_for_twenty_are_five(committed: Town) -> None:
    activity = committed.open_activity(5)
    assert not failures(race(*[_press(committed, activity, number) for number in range(PARALLEL)]))
    assert _held(committed) == 5
    assert sorted(committed.states(activity)) == ["confirmed"] * 5 + ["waiting"] * 15


def test_the_database_alone_never_oversells(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    activity = committed.open_activity(5)
    _unlocked(monkeypatch, signing)
    refused = failures(race(*[_press(committed, activity, number) for number in range(PARALLEL)]))
    assert {getattr(one, "code", one) for one in refused} <= {"full"}
    assert _held(committed) <= 5


def test_without_lock_and_constraint_it_would_be_oversold(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    activity = committed.open_activity(5)
    _unlocked(monkeypatch, signing)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE activities_activity DROP CONSTRAINT activities_activity_not_oversold")
    race(*[_press(committed, activity, number) for number in range(PARALLEL)])
    assert _held(committed) > 5


def test_one_person_pressing_twenty_times_is_one_sign_up(committed: Town) -> None:
    activity = committed.open_activity(PARALLEL)
    refused = failures(race(*[_press(committed, activity, 1)] * PARALLEL))
    assert [getattr(one, "code", one) for one in refused] == ["again"] * (PARALLEL - 1)


def test_without_the_index_one_person_would_take_many_places(committed: Town) -> None:
    activity = committed.open_activity(PARALLEL)
    with as_owner() as cursor:
        cursor.execute("DROP INDEX activities_signup_one_live")
    race(*[_press(committed, activity, 1)] * PARALLEL)
    assert _held(committed) > 1


def test_twenty_leave_at_once_and_twenty_are_offered_their_places(committed: Town) -> None:
    activity = committed.open_activity(PARALLEL)
    ours = [committed.sign_up(activity, f"甲{number}") for number in range(PARALLEL)]
    for number in range(PARALLEL):
        committed.sign_up(activity, f"乙{number}")
    works = [(committed.sun, lambda one=one: leave(by=committed.sun, activity_id=activity.pk, signup_id=one.pk))
             for one in ours]
    assert not failures(race(*works))
    assert sorted(committed.states(activity)) == ["cancelled"] * PARALLEL + ["offered"] * PARALLEL
    assert committed.newest(activity).taken == PARALLEL


def _scans(town: Town, activity: Activity, signup: SignUp, *, same: bool) -> list[Any]:
    key = new_id()
    return race(*[
        (town.zhao, lambda: check_in(by=town.zhao, activity_id=activity.pk, signup_id=signup.pk,
                                     client_uuid=key if same else new_id()))
    ] * PARALLEL)


def _came(town: Town) -> int:
    with acting(town.chen):
        return count("SELECT count(*) FROM activities_checkin WHERE outcome = 'ok'")


def test_one_check_in_sent_twenty_times_counts_once(committed: Town) -> None:
    activity = committed.open_activity()
    signup = committed.sign_up(activity)
    with at(activity.starts_at):
        found = _scans(committed, activity, signup, same=True)
    assert not failures(found)
    assert len({one.pk for one in found}) == 1
    assert _came(committed) == 1


def test_twenty_phones_scanning_one_ticket_count_once(committed: Town) -> None:
    activity = committed.open_activity()
    signup = committed.sign_up(activity)
    with at(activity.starts_at):
        found = _scans(committed, activity, signup, same=False)
    assert sorted(one.outcome for one in found) == ["again"] * (PARALLEL - 1) + ["ok"]
    assert _came(committed) == 1


def test_without_lock_and_index_one_ticket_would_count_many_times(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = committed.open_activity()
    signup = committed.sign_up(activity)
    _unlocked(monkeypatch, attending)
    with at(activity.starts_at):
        _scans(committed, activity, signup, same=False)
        assert _came(committed) == 1
        with acting(committed.zhao), as_owner() as cursor:
            cursor.execute("DROP INDEX activities_checkin_once")
            cursor.execute("ALTER TABLE activities_checkin DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM activities_checkin")
        _scans(committed, activity, signup, same=False)
    assert _came(committed) > 1


def test_closing_twenty_times_is_one_record(committed: Town) -> None:
    with at(timezone.now() - timedelta(days=9)):
        activity = committed.open_activity()
    with at(activity.ends_at):
        refused = failures(race(*[
            (committed.sun, lambda: close_activity(by=committed.sun, activity_id=activity.pk))
        ] * PARALLEL))
    assert [getattr(one, "code", one) for one in refused] == ["wrong_state"] * (PARALLEL - 1)
    with acting(committed.chen):
        assert ServiceRecord.objects.count() == 1


def test_the_database_refuses_a_planner_who_approves_and_changed_scans(committed: Town) -> None:
    activity = committed.open_activity()
    signup, other = committed.sign_up(activity), committed.sign_up(activity, "张福来")
    with at(activity.starts_at), acting(committed.zhao):
        scan = check_in(by=committed.zhao, activity_id=activity.pk, signup_id=signup.pk, client_uuid=new_id())
    with acting(committed.sun):
        with pytest.raises(IntegrityError, match="other_approves"):
            Activity.objects.filter(pk=activity.pk).update(approved_by=activity.planned_by)
        with pytest.raises(IntegrityError):
            CheckIn.objects.filter(pk=scan.pk).update(heads=99)
        with pytest.raises(IntegrityError, match="not removed"):
            SignUp.objects.filter(pk=other.pk).delete()


def _list_of_wang(town: Town, activity: Activity) -> tuple[Viewer, Callable[[], Any]]:
    return town.sun, lambda: listing.enter_attendance_list(
        by=town.sun, activity_id=activity.pk, roll="王秀兰", request_key=new_id())


def _begun(town: Town) -> Activity:
    with at(timezone.now() - timedelta(days=2)):
        return town.open_activity()


def test_one_resident_on_twenty_lists_came_once(committed: Town) -> None:
    activity = _begun(committed)
    assert not failures(race(*[_list_of_wang(committed, activity)] * PARALLEL))
    with acting(committed.sun):
        assert CheckIn.objects.filter(person__isnull=False).count() == 1


def test_without_lock_the_constraint_counts_a_resident_once_and_without_both_nobody_does(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = _begun(committed)
    _unlocked(monkeypatch, listing)
    race(*[_list_of_wang(committed, activity)] * PARALLEL)
    with acting(committed.sun):
        assert CheckIn.objects.filter(person__isnull=False).count() == 1
    other = _begun(committed)
    with as_owner() as cursor:
        cursor.execute("DROP INDEX activities_checkin_person_once")
    race(*[_list_of_wang(committed, other)] * PARALLEL)
    with acting(committed.sun):
        assert CheckIn.objects.filter(activity=other, person__isnull=False).count() > 1
