"""A volunteer in a real browser, from nothing to a place of a shift; a phone without scripts does it too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fuhui.domains.volunteers.tests.conftest import account_of, called, people_of
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in


@pytest.mark.parametrize("script", [True, False])
def test_lin_becomes_a_volunteer_and_takes_a_shift(story: Story, open_page: OpenPage, *, script: bool) -> None:
    people = people_of(story.place)
    account_of(people, people.lin, "lin", "林晓")
    called(people, (9, 11))
    page = open_page("/accounts/login/", width=390, script=script)
    sign_in(page, "lin")
    page.goto("/volunteers/me/")
    page.get_by_role("link", name="我要登记").click()
    page.locator("input[name=skills][value=care]").check(force=True)
    page.locator("input[name=free_times][value='6_am']").check(force=True)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("main")).to_contain_text("请先勾选")
    expect(page.locator("input[name=skills][value=care]")).to_be_checked()
    page.locator("input[name=agreed]").check(force=True)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("main")).to_contain_text("370611001038-V00001")
    page.get_by_role("link", name="看招募").first.click()
    page.get_by_role("link", name=re.compile("陪诊")).click()
    page.get_by_role("button", name="我要报名").click()
    expect(page.locator("main")).to_contain_text("我已报名")
    page.goto("/volunteers/me/")
    expect(page.locator("main")).to_contain_text("陪诊")
