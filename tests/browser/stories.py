"""What the stories share: the communities, their people, and short ways to sign in and to enter a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import REGIONS, STREET, Place, make_account, make_community

PASSWORD = "福惠-test-2026"
LAMP = "福惠小区3号楼2单元楼道灯不亮，晚上老人看不见"


@dataclass(frozen=True)
class Story:
    """福惠社区 and the people of a story."""

    place: Place
    zhao: Viewer
    chen: Viewer
    liu: Viewer
    wang: Viewer

    def enter(self, text: str = LAMP, *, by: Viewer | None = None, take: bool = False) -> Any:
        """A case that Zhao has written down for a caller; with `take` she works on it."""
        from fuhui.domains.cases.actions.handling import Worker, assign_case
        from fuhui.domains.cases.actions.intake import CaseInput, PlaceInput, Reporter, submit_case

        who = by or self.zhao
        matter = CaseInput(text=text, source="phone", reporter=Reporter(name="王秀兰", phone="19900000001"),
                           place=PlaceInput(building_id=self.place.buildings["3"]))
        with acting(who):
            receipt = submit_case(by=who, community_id=self.place.id, matter=matter)
            if take:
                assign_case(by=who, case_id=receipt.case.id, to=Worker(who.account_id))
        return receipt


def begin() -> Story:
    """Makes 福惠社区 with one person of each kind that the stories need."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    here = make_community("370611001038", "福惠社区")
    return Story(
        here,
        make_account("zhao", "赵敏", Role.GRID_WORKER, here, grid_id=here.grids[3]),
        make_account("chen", "陈静", Role.SECRETARY, here),
        make_account("liu", "刘卫东", Role.STREET_OFFICER, region_id=STREET),
        make_account("wang", "王秀兰", Role.RESIDENT, here),
    )


def sign_in(page: Page, username: str) -> None:
    """By the form, as people do; the page stands on their first screen afterwards."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def press(page: Page, words: str) -> None:
    """Presses the button or link with these words, unfolding what hides it."""
    target = page.locator(f"button:has-text('{words}'), a.button:has-text('{words}')").first
    if not target.is_visible():
        page.locator(f"details:has(:text('{words}')) > summary").first.click()
    target.click()


def state_of(case_id: Any, story: Story) -> str:
    """Where the case stands in the database."""
    from fuhui.domains.cases.models import Case

    with acting(story.chen):
        return str(Case.objects.get(pk=case_id).state)
