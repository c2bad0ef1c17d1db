"""今天: every number opens as exactly the list it counts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fuhui.domains.cases.actions.handling import ask_resident, solve_case, take_case
from fuhui.domains.cases.actions.intake import CaseInput, submit_case
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(community: Place, chen: Viewer, zhao: Viewer) -> None:
    """Cases in many states, some late, two paused."""
    with acting(chen):
        made = [
            submit_case(
                by=chen,
                community_id=community.id,
                matter=CaseInput(text=f"{number}号楼灯不亮", source="phone", received_at=at),
            ).case
            for number, at in ((3, None), (3, moment("2026-03-02 09:00")), (7, None), (5, None), (7, None))
        ]
        take_case(by=chen, case_id=made[2].id)
        solve_case(by=chen, case_id=made[2].id, note="好了")
        take_case(by=chen, case_id=made[4].id)
        ask_resident(by=chen, case_id=made[4].id, note="几楼？")


def test_each_number_of_today_is_as_long_as_its_list(
    community: Place, chen: Viewer, zhao: Viewer, week: None, signed_in: Any
) -> None:
    for viewer in (chen, zhao):
        browser = signed_in(viewer)
        page = browser.get("/").content.decode()
        figures = re.findall(
            r'href="(/queue/\?tab=\w+)"><span>[^<]*</span></a></div><div class="stat-value">(\d+)', page
        )
        assert len(figures) >= 5
        for address, number in figures:
            assert browser.get(address).content.decode().count('class="row-link"') == int(number), address


def test_a_resident_and_a_visitor_have_a_first_page_too(
    community: Place, wang: Viewer, signed_in: Any, client: Any
) -> None:
    assert "我要反映" in signed_in(wang).get("/").content.decode()
    assert "我要反映" in client.get("/").content.decode()


def test_the_street_officer_starts_with_the_communities(liu: Viewer, community: Place, signed_in: Any) -> None:
    browser = signed_in(liu)
    assert browser.get("/").headers["Location"] == "/street/"
    assert "福惠社区" in browser.get("/street/").content.decode()


def test_figures_are_not_for_grid_workers_and_open_for_the_secretary(
    zhao: Viewer, chen: Viewer, signed_in: Any
) -> None:
    assert signed_in(zhao).get("/figures/").status_code == 403
    browser = signed_in(chen)
    assert browser.get("/figures/").status_code == 200
    assert browser.get("/figures/response/denominator/?span=30").status_code == 200
    assert browser.get("/figures/nothing/denominator/").status_code == 404
    assert browser.get("/figures/?community=x").status_code == 404
