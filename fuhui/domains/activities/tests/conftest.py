"""Short ways for the activities' tests: the people, an activity that is open, sign-ups, and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from fuhui.domains.activities.actions.planning import approve_activity, plan_activity, publish_activity
from fuhui.domains.activities.actions.signing import sign_up
from fuhui.domains.activities.models import Activity, SignUp
from fuhui.domains.activities.rules.activity import Party, Plan
from fuhui.registry.accounts.models import Account
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Person
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system, visitor_in
from tests.personas import REGIONS, Place, make_account, make_community


@dataclass(frozen=True)
class Town:
    """福惠社区: Zhao plans, Sun approves, Chen is the secretary, Wang is a resident, 仁济医院 a partner."""

    place: Place
    zhao: Viewer
    sun: Viewer
    chen: Viewer
    wang: Viewer
    hospital: UUID

    @property
    def visitor(self) -> Viewer:
        """Somebody with a telephone and no account."""
        return visitor_in(self.place.id)

    def plan(self, capacity: int = 5, **more: Any) -> Activity:
        """Zhao plans a lecture for tomorrow, two hours long."""
        starts = timezone.now() + timedelta(days=1)
        facts: dict[str, Any] = {
            "title": "春季养生讲座", "place": "活动室", "kind": "lecture", "service_code": "health.all",
            "starts_at": starts, "ends_at": starts + timedelta(hours=2), "capacity": capacity,
        }
        with acting(self.zhao):
            return plan_activity(by=self.zhao, community_id=self.place.id, plan=Plan(**(facts | more)),
                                 request_key=new_id())

    def open_activity(self, capacity: int = 5, **more: Any) -> Activity:
        """It is published."""
        activity = self.plan(capacity, **more)
        with acting(self.sun):
            approve_activity(by=self.sun, activity_id=activity.pk)
            return publish_activity(by=self.sun, activity_id=activity.pk)

    def sign_up(self, activity: Activity, name: str = "李桂芳", by: Viewer | None = None, **more: Any) -> SignUp:
        """Somebody signs up by the poster, or as `by`."""
        who = by or self.visitor
        facts = {"phone": "19900000021"} if by is None else {}
        for_other = bool(more.pop("for_other", False))
        with acting(who):
            return sign_up(by=who, activity_id=activity.pk, party=Party(name=name, **(facts | more)),
                           request_key=new_id(), for_other=for_other)

    def newest(self, activity: Activity) -> Activity:
        """The activity as it stands."""
        with acting(system("tests", self.place.id)):
            return Activity.objects.get(pk=activity.pk)

    def states(self, activity: Activity) -> list[str]:
        """The states of its sign-ups in the order of the list."""
        with acting(system("tests", self.place.id)):
            return list(SignUp.objects.filter(activity=activity).order_by("pk").values_list("state", flat=True))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock stands at a moment."""
    with time_machine.travel(moment, tick=True):
        yield


def town_of(place: Place) -> Town:
    """Its people; Wang is in the register."""
    with acting(system("tests", place.id)):
        wang = Person.objects.create(community_id=place.id, name="王秀兰").pk
        hospital = Organisation.objects.create(community_id=place.id, name="仁济医院", kind="partner_unit").pk
    account = make_account("wang", "王秀兰", Role.RESIDENT, place)
    Account.objects.filter(pk=str(account.account_id)).update(person_id=wang)
    return Town(
        place, make_account("zhao", "赵敏", Role.GRID_WORKER, place, grid_id=place.grids[3]),
        make_account("sun", "孙丽", Role.COMMUNITY_STAFF, place), make_account("chen", "陈静", Role.SECRETARY, place),
        replace(account, person_id=wang), hospital,
    )


@pytest.fixture
def town(community: Place) -> Town:
    """福惠社区 in the test's transaction."""
    return town_of(community)


@pytest.fixture
def committed(fresh_database: str) -> Town:
    """福惠社区 in a database of its own, committed."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return town_of(make_community("370611001038", "福惠社区"))
