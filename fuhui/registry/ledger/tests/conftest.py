"""Residents, a team and a hospital for the tests of the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from fuhui.registry.ledger.actions import ServedBy, ServiceRecord, write_service
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Household, Person
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system
from tests.personas import REGIONS, Place, make_community, moment


@dataclass(frozen=True)
class People:
    """王阿姨 and 李奶奶 share a household; 张伯 lives alone; 小林 and 小周 serve; the team and the hospital."""

    community: Place
    wang: UUID
    li: UUID
    zhang: UUID
    lin: UUID
    zhou: UUID
    home: UUID
    alone: UUID
    team: UUID
    hospital: UUID


def people_of(place: Place) -> People:
    """Registers them."""
    with acting(system("tests", place.id)):
        home, alone = (Household.objects.create(community_id=place.id, number=number).pk for number in ("1", "2"))
        made = [
            Person.objects.create(community_id=place.id, name=name, household_id=household).pk
            for name, household in (
                ("王秀兰", home), ("李桂芳", home), ("张福来", alone), ("林晓", None), ("周航", None)
            )
        ]
        groups = [
            Organisation.objects.create(community_id=place.id, name=name, kind=kind).pk
            for name, kind in (("彩虹志愿服务队", "volunteer_team"), ("仁济医院", "partner_unit"))
        ]
    wang, li, zhang, lin, zhou = made
    team, hospital = groups
    return People(place, wang, li, zhang, lin, zhou, home, alone, team, hospital)


@pytest.fixture
def people(community: Place) -> People:
    """福惠社区's people."""
    return people_of(community)


@pytest.fixture
def town(fresh_database: str) -> People:
    """福惠社区 with its people in a database of its own, committed."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return people_of(make_community("370611001038", "福惠社区"))


Write = Callable[..., ServiceRecord]


def service(people: People, **more: Any) -> dict[str, Any]:
    """小林 visits for an hour on 2 March 2026; `more` says otherwise."""
    facts: dict[str, Any] = {
        "community": people.community.id, "source": "tests.visit", "key": str(new_id()), "kind": "health.empty_nest",
        "title": "上门量血压", "occurred_at": moment("2026-03-02 09:30"), "minutes": 60,
        "served_by": [ServedBy(person=people.lin)],
    }
    return facts | more


def writer(by: Viewer, people: People) -> Write:
    """`write(served=[…])` as this person."""

    def write(**more: Any) -> ServiceRecord:
        with acting(by):
            return write_service(by=by, **service(people, **more))

    return write


@pytest.fixture
def write(chen: Viewer, people: People) -> Write:
    """Chen writes into the book."""
    return writer(chen, people)
