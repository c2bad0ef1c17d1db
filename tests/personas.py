"""The people of the tests. 福惠社区 and its neighbour 南关社区 belong to one street; everybody here is invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from fuhui.shared.viewers import Role, Viewer, system

SHANGHAI = ZoneInfo("Asia/Shanghai")
STREET = "370611001000"
REGIONS = (
    ("370000000000", "山东省", "province", None),
    ("370600000000", "烟台市", "city", "370000000000"),
    ("370611000000", "福山区", "district", "370600000000"),
    (STREET, "清洋街道", "street", "370611000000"),
    ("370611001038", "福惠社区居民委员会", "community", STREET),
    ("370611001001", "南关社区居民委员会", "community", STREET),
)


@dataclass(frozen=True)
class Place:
    """A community with two grids and a few buildings."""

    id: UUID
    code: str
    grids: dict[int, UUID]
    buildings: dict[str, UUID]


def moment(text: str) -> datetime:
    """A moment on Shanghai's clock: `2026-03-02 09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def street(db: None) -> str:
    """The region tree down to both communities; returns the street's code."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return STREET


@pytest.fixture
def community(street: str) -> Place:
    """福惠社区."""
    return make_community("370611001038", "福惠社区")


@pytest.fixture
def neighbour(street: str) -> Place:
    """南关社区, of the same street: what happens in one is not seen in the other."""
    return make_community("370611001001", "南关社区")


def make_community(code: str, name: str) -> Place:
    """A community with grids 3 and 5, buildings 3, 5 and 7号楼 and the default rules."""
    from fuhui.domains.cases.actions.seeding import seed_defaults
    from fuhui.registry.places.models import Building, Community, Grid
    from fuhui.shared.tenancy.scope import acting

    row = Community.objects.create(region_id=code, name=name, phone="0535-0000000")
    with acting(system("tests", row.id)):
        grids = {
            number: Grid.objects.create(
                community_id=row.id, number=number, name=f"第{number}网格", group_name=f"{name}第{number}网格群"
            ).id
            for number in (3, 5)
        }
        buildings = {
            number: Building.objects.create(
                community_id=row.id, grid_id=grids[grid], area="福惠小区", name=f"{number}号楼", unit_count=3
            ).id
            for number, grid in (("3", 3), ("5", 5), ("7", 3))
        }
        seed_defaults(by=system("tests", row.id), community_id=row.id)
    return Place(row.id, code, grids, buildings)


def make_account(username: str, name: str, role: Role, place: Place | None = None, **where: Any) -> Viewer:
    """An account with one role, as the viewer it would be in a request."""
    from fuhui.registry.accounts.models import Account, RoleGrant
    from fuhui.registry.accounts.queries import viewer_of
    from fuhui.shared.tenancy.scope import acting

    account = Account.objects.create(username=username, display_name=name)
    account.set_password("福惠-test-2026")
    account.save()
    community_id = place.id if place and role is not Role.STREET_OFFICER else None
    with acting(system("tests", *([place.id] if place else []))):
        RoleGrant.objects.create(account=account, role=role, community_id=community_id, **where)
    return viewer_of(account)


@pytest.fixture
def wang(community: Place) -> Viewer:
    """Wang the resident, with an account."""
    return make_account("wang", "王秀兰", Role.RESIDENT, community)


@pytest.fixture
def zhao(community: Place) -> Viewer:
    """Zhao the grid worker of grid 3. She does not see grid 5."""
    return make_account("zhao", "赵敏", Role.GRID_WORKER, community, grid_id=community.grids[3])


@pytest.fixture
def qian(community: Place) -> Viewer:
    """Qian the grid worker of grid 5."""
    return make_account("qian", "钱进", Role.GRID_WORKER, community, grid_id=community.grids[5])


@pytest.fixture
def sun(community: Place) -> Viewer:
    """Sun of the community's staff: sees the whole community."""
    return make_account("sun", "孙丽", Role.COMMUNITY_STAFF, community)


@pytest.fixture
def chen(community: Place) -> Viewer:
    """Chen the secretary: sees everything of the community and approves."""
    return make_account("chen", "陈静", Role.SECRETARY, community)


@pytest.fixture
def liu(community: Place) -> Viewer:
    """Liu the street officer: oversees the communities of the street."""
    return make_account("liu", "刘卫东", Role.STREET_OFFICER, region_id=STREET)


@pytest.fixture
def outsider(neighbour: Place) -> Viewer:
    """The secretary of the neighbouring community. Should have no access to anything of 福惠."""
    return make_account("outsider", "周岚", Role.SECRETARY, neighbour)


@pytest.fixture
def inside(community: Place) -> Iterator[Viewer]:
    """The connection's scope is 福惠社区 for the whole test."""
    from fuhui.shared.tenancy.scope import acting

    with acting(system("tests", community.id)) as viewer:
        yield viewer


@pytest.fixture
def signed_in(client: Client) -> Any:
    """`signed_in(zhao)` gives a browser in which Zhao is signed in."""

    def sign_in(viewer: Viewer) -> Client:
        from fuhui.registry.accounts.models import Account

        browser = Client()
        browser.force_login(
            Account.objects.get(pk=str(viewer.account_id)),
            backend="fuhui.registry.accounts.sessions.AccountBackend",
        )
        return browser

    return sign_in
