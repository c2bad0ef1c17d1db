"""Axe finds nothing serious on the main pages: as they are, in large type, and in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from fuhui.shared.tenancy.scope import acting
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in
from tests.browser.test_main_path import TALK

GRAVE = {"serious", "critical"}
LOOKS = {"plain": {}, "large type": {"type": "large"}, "dark": {"theme": "dark"}}


def _prepare(story: Story) -> tuple[list[str], list[str]]:
    """Addresses for visitors, and for the secretary."""
    from fuhui.channels.chat import actions
    from fuhui.channels.chat.actions import Pasted
    from fuhui.registry.people.actions import register_person
    from fuhui.registry.people.rules.entry import PersonEntry

    receipt, code, grid = story.enter(take=True), story.place.code, story.place.grids[3]
    with acting(story.chen) as by:
        person = register_person(by=by, community_id=story.place.id, entry=PersonEntry(name="李桂兰"), grid_id=grid,
                                 address="福惠小区3号楼1单元101", accept_duplicates=True)
        batch = actions.read_batch(by=by, community_id=story.place.id, pasted=Pasted(TALK, grid_id=grid))
    visitor = ["/accounts/login/", f"/c/{code}/", f"/report/{code}/", f"/t/{receipt.token}/", f"/find/{code}/",
               f"/public/{code}/", f"/grids/{code}/"]
    case = receipt.case.id
    desk = ["/", "/queue/", f"/queue/?open={case}", f"/cases/{case}/", f"/cases/{case}/step/reply/", "/cases/new/",
            "/chat/", f"/chat/{batch.id}/", "/people/", f"/people/{person.pk}/", "/places/", f"/places/grids/{grid}/",
            "/staff/", "/organisations/", "/figures/", "/rules/", "/approvals/", "/messages/", "/audit/", "/calendar/"]
    return visitor, desk


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_serious_stands_in_anybodys_way(open_page: OpenPage, story: Story, width: int) -> None:
    visitor, desk = _prepare(story)
    page = open_page("/accounts/login/", width=width)
    found = _look(page, visitor)
    sign_in(page, "chen")
    found += _look(page, desk)
    assert not found, "\n".join(found)


def _look(page: Page, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        page.goto(address)
        for look, marks in LOOKS.items():
            page.evaluate(_WEAR, marks)
            found += [f"{address} ({look}): {words}" for words in _grave(page)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                found.append(f"{address} ({look}): wider than the screen")
    return found


# What the server writes on <html> for the two switches.
_WEAR = """(marks) => { const html = document.documentElement;
  for (const name of ["type", "theme"]) { if (marks[name]) html.dataset[name] = marks[name]; else delete html.dataset[name]; } }"""


def _grave(page: Page) -> list[str]:
    result: dict[str, Any] = Axe().run(page).response
    return [
        f"{one['id']} {one['nodes'][0]['target']} {one['nodes'][0].get('failureSummary', '')[:160]}"
        for one in result["violations"] if one["impact"] in GRAVE
    ]
