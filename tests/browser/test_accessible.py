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
# What the two switches keep in the browser.
LOOKS: dict[str, dict[str, str]] = {"plain": {}, "large": {"fuhui_type": "large"}, "dark": {"fuhui_theme": "dark"}}


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
               f"/public/{code}/", f"/grids/{code}/", f"/wishes/{code}/", f"/wishes/{code}/new/",
               f"/activities/{code}/"]
    case = receipt.case.id
    desk = ["/", "/queue/", f"/queue/?open={case}", f"/cases/{case}/", f"/cases/{case}/step/reply/", "/cases/new/",
            "/chat/", f"/chat/{batch.id}/", "/people/", f"/people/{person.pk}/", "/places/", f"/places/grids/{grid}/",
            "/staff/", "/organisations/", "/figures/", "/rules/", "/approvals/", "/messages/", "/audit/", "/calendar/",
            "/wishes/desk/", "/wishes/desk/new/", "/wishes/mine/", "/activities/desk/", "/activities/desk/new/"]
    return visitor, desk


@pytest.mark.parametrize(("width", "looks"), [(390, ("plain", "large")), (1280, ("dark",))])
def test_nothing_serious_stands_in_anybodys_way(
    open_page: OpenPage, story: Story, width: int, looks: tuple[str, ...]
) -> None:
    visitor, desk = _prepare(story)
    page = open_page("/accounts/login/", width=width)
    page.emulate_media(reduced_motion="reduce")  # colours are judged where they rest
    found = [words for look in looks for words in _look(page, look, visitor)]
    sign_in(page, "chen")
    found += [words for look in looks for words in _look(page, look, desk)]
    found += _look(page, "large", desk[:3]) if "large" not in looks else []
    assert not found, "\n".join(found)


def _look(page: Page, look: str, addresses: list[str]) -> list[str]:
    chosen = [{"name": name, "value": value, "url": page.url} for name, value in LOOKS[look].items()]
    page.context.add_cookies(chosen)  # type: ignore[arg-type]
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer, address
        if not answer.ok:
            found.append(f"{address} ({look}): answers {answer.status}")
        found += [f"{address} ({look}): {words}" for words in _grave(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found.append(f"{address} ({look}): wider than the screen")
    return found


def _grave(page: Page) -> list[str]:
    result: dict[str, Any] = Axe().run(page).response
    return [
        f"{one['id']} {one['nodes'][0]['target']} {one['nodes'][0].get('failureSummary', '')[:160]}"
        for one in result["violations"] if one["impact"] in GRAVE
    ]
