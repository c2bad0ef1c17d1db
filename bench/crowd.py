"""Volunteers with sessions who have signed up for shifts that run now: the ground of `make bench-checkin`."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench.town import bare_community
from fuhui.domains.volunteers.models import Call, Shift, SignUp, Volunteer
from fuhui.registry.accounts.models import Account, RoleGrant
from fuhui.registry.accounts.sessions import SessionStore
from fuhui.registry.people.models import Person
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, system


def crowd(count: int, shifts: int) -> list[tuple[UUID, str]]:
    """`(shift, session)` of each volunteer, spread evenly over the shifts."""
    community = bare_community()
    with acting(system("bench", community)):
        running = _shifts(community, shifts, count // shifts + 1)
        people = Person.objects.bulk_create(
            Person(community_id=community, name=f"志愿者{number}", birth_date="1980-01-01") for number in range(count))
        volunteers = Volunteer.objects.bulk_create(
            Volunteer(community_id=community, person=person, order=number, number=f"V{number:05d}",
                      joined_on=timezone.localdate(), registered_by="bench")
            for number, person in enumerate(people, 1))
        SignUp.objects.bulk_create(
            SignUp(community_id=community, shift=running[number % shifts], volunteer=one, signed_by="bench",
                   during=(running[0].starts_at, running[0].ends_at))
            for number, one in enumerate(volunteers))
        accounts = Account.objects.bulk_create(
            Account(username=f"v{number}", display_name=person.name, person_id=person.pk, password="!")  # noqa: S106 - nobody can sign in with it
            for number, person in enumerate(people))
        RoleGrant.objects.bulk_create(
            RoleGrant(account=one, role=Role.VOLUNTEER, community_id=community) for one in accounts)
    return [(running[number % shifts].pk, key) for number, key in enumerate(_sessions(accounts))]


def _shifts(community: UUID, count: int, capacity: int) -> list[Shift]:
    begin = timezone.now() - timedelta(minutes=1)
    call = Call.objects.create(community_id=community, title="清扫", about="清扫", place="广场", risks="无",
                               kind="other", published_by="bench")
    return Shift.objects.bulk_create(
        Shift(community_id=community, call=call, starts_at=begin, ends_at=begin + timedelta(hours=2),
              opens_at=begin - timedelta(days=1), closes_at=begin, capacity=capacity)
        for _ in range(count))


def _sessions(accounts: list[Account]) -> list[str]:
    store, until = SessionStore(), timezone.now() + timedelta(days=1)
    rows = [
        Session(session_key=get_random_string(32), expire_date=until, session_data=store.encode({
            SESSION_KEY: str(one.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: one.get_session_auth_hash(),
        }))
        for one in accounts
    ]
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]
