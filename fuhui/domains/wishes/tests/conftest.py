"""Short ways for the wishes' tests: the people, a wish on the wall, a claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from fuhui.domains.wishes.actions.claiming import ClaimInput, claim_wish
from fuhui.domains.wishes.actions.publishing import Wisher, approve_wish, publish_wish
from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.rules.wish import WishWords
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Person
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import REGIONS, Place, make_account, make_community

LAMP = WishWords(title="想要一盏床头灯", text="晚上起夜看不见。", value_yuan=120, for_whom="empty_nest")
WISHER = Wisher(name="张福来", phone="19900000003")


@dataclass(frozen=True)
class Town:
    """福惠社区: Zhao and Sun of the desk, Chen the secretary, Wang who wishes, Lin who claims, a team."""

    place: Place
    zhao: Viewer
    sun: Viewer
    chen: Viewer
    wang: Viewer
    lin: Viewer
    team: UUID

    def wish(self, words: WishWords = LAMP, *, by: Viewer | None = None, wisher: Wisher = WISHER) -> Wish:
        """A wish that waits for moderation; entered by Zhao unless told otherwise."""
        who = by or self.zhao
        with acting(who):
            return publish_wish(by=who, community_id=self.place.id, wish=words, wisher=wisher, request_key=new_id())

    def open_wish(self, words: WishWords = LAMP, **more: Any) -> Wish:
        """A wish that Sun has put on the wall."""
        wish = self.wish(words, **more)
        with acting(self.sun):
            return approve_wish(by=self.sun, wish_id=wish.pk, title=wish.title, text=wish.text)

    def claim(self, wish: Wish, by: Viewer | None = None, **more: Any) -> WishClaim:
        """Lin claims, or somebody else."""
        who = by or self.lin
        with acting(who):
            return claim_wish(by=who, wish_id=wish.pk, claim=ClaimInput(**more), request_key=new_id())

    def newest(self, wish: Wish) -> Wish:
        """The wish as it stands."""
        with acting(system("tests", self.place.id)):
            return Wish.objects.get(pk=wish.pk)


def town_of(place: Place) -> Town:
    """Its people; Lin is in the register of residents, Wang too."""
    with acting(system("tests", place.id)):
        lin, wang = (Person.objects.create(community_id=place.id, name=name).pk for name in ("林晓", "王秀兰"))
        team = Organisation.objects.create(community_id=place.id, name="彩虹志愿服务队", kind="volunteer_team").pk
    return Town(
        place,
        make_account("zhao", "赵敏", Role.GRID_WORKER, place, grid_id=place.grids[3]),
        make_account("sun", "孙丽", Role.COMMUNITY_STAFF, place),
        make_account("chen", "陈静", Role.SECRETARY, place),
        resident("wang", "王秀兰", place, wang),
        resident("lin", "林晓", place, lin),
        team,
    )


def resident(username: str, name: str, place: Place, person: UUID | None = None) -> Viewer:
    """A resident's account, linked to the register."""
    from fuhui.registry.accounts.models import Account

    viewer = make_account(username, name, Role.RESIDENT, place)
    Account.objects.filter(pk=str(viewer.account_id)).update(person_id=person)
    return replace(viewer, person_id=person)


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


