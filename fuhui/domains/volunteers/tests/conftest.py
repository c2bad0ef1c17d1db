"""Volunteers of 福惠社区 for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from fuhui.domains.volunteers.actions.calls import publish_call
from fuhui.domains.volunteers.actions.registering import register_volunteer
from fuhui.domains.volunteers.models import Shift, Volunteer
from fuhui.domains.volunteers.rules.planning import CallEntry, ShiftEntry
from fuhui.domains.volunteers.rules.registration import VolunteerEntry
from fuhui.registry.accounts.models import Account
from fuhui.registry.accounts.queries import viewer_of
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Household, Person
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import REGIONS, Place, make_account, make_community, moment


@dataclass(frozen=True)
class People:
    """林晓 and 周航 are grown up, 小雨 is 15, 豆豆 is 6, 何叔's birth date is not known; two teams."""

    community: Place
    lin: UUID
    zhou: UUID
    xiaoyu: UUID
    doudou: UUID
    he: UUID
    rainbow: UUID
    sunshine: UUID


def years_ago(years: int) -> date:
    """A birthday that many years ago, a month back."""
    today = timezone.localdate()
    return today.replace(year=today.year - years, day=1) - timedelta(days=1)


def people_of(place: Place) -> People:
    """Registers them at the registry; 林晓 lives in grid 3."""
    ages: tuple[tuple[str, int | None], ...] = (
        ("林晓", 34), ("周航", 41), ("张小雨", 15), ("豆豆", 6), ("何叔", None))
    with acting(system("tests", place.id)):
        home = Household.objects.create(community_id=place.id, number="1", grid_id=place.grids[3])
        made = [
            Person.objects.create(community_id=place.id, name=name, birth_date=years_ago(age) if age else None,
                                  household=home if name == "林晓" else None).pk
            for name, age in ages
        ]
        teams = [Organisation.objects.create(community_id=place.id, name=name, kind="volunteer_team").pk
                 for name in ("彩虹志愿服务队", "阳光助老队")]
    return People(place, *made, *teams)


def entry(**more: Any) -> VolunteerEntry:
    """A grown-up who cares for the old and is free on Saturday mornings."""
    facts: dict[str, Any] = {"skills": ["care"], "free_times": ["6_am"], "agreed": True}
    return VolunteerEntry(**(facts | more))


def registered(people: People, person: UUID, **more: Any) -> Volunteer:
    """The system registers a person."""
    with acting(system("tests", people.community.id)) as by:
        return register_volunteer(by=by, person_id=person, entry=entry(**more))


def account_of(people: People, person: UUID, username: str, name: str) -> Viewer:
    """An account that is linked to a resident."""
    viewer = make_account(username, name, Role.VOLUNTEER, people.community)
    account = Account.objects.get(pk=str(viewer.account_id))
    account.person_id = person
    account.save(update_fields=["person_id"])
    return viewer_of(account)


@pytest.fixture
def people(community: Place) -> People:
    """The people of the tests."""
    return people_of(community)


@pytest.fixture
def lin(people: People) -> Viewer:
    """林晓 with her own account."""
    return account_of(people, people.lin, "lin", "林晓")


@pytest.fixture
def leader(people: People) -> Viewer:
    """吴队 leads 彩虹志愿服务队."""
    return make_account("wu", "吴队", Role.ORGANISATION_LEADER, people.community, organisation_id=people.rainbow)


@pytest.fixture
def town(fresh_database: str) -> People:
    """福惠社区 with its people in a database of its own, committed."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return people_of(make_community("370611001038", "福惠社区"))


def tomorrow_at(hour: int, *, days: int = 3) -> datetime:
    """A full hour of Shanghai, some days ahead."""
    day = timezone.localdate() + timedelta(days=days)
    return moment(f"{day.isoformat()} {hour:02d}:00")


def called(
    people: People, *hours: tuple[int, int], capacity: int = 5, days: int = 3, team: UUID | None = None, **more: Any
) -> list[Shift]:
    """A call of the community with shifts from hour to hour."""
    facts: dict[str, Any] = {"title": "陪诊", "about": "陪老人看病", "place": "社区门口", "risks": "无",
                             "kind": "other"}
    entries = [ShiftEntry(starts_at=tomorrow_at(begin, days=days), ends_at=tomorrow_at(end, days=days),
                          capacity=capacity) for begin, end in hours]
    with acting(system("tests", people.community.id)) as by:
        call = publish_call(by=by, community_id=people.community.id, entry=CallEntry(**(facts | more)),
                            shifts=entries, team_id=team)
        return list(Shift.objects.filter(call=call).order_by("starts_at"))
