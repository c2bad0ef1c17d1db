"""The book in a real browser: a household is written at once on a phone, and its cell of 五帮五送 opens."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from fuhui.registry.people.models import Household, Person
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in
from tests.personas import make_account


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_sun_writes_a_household_and_finds_it_in_the_table(story: Story, open_page: OpenPage, scripts: bool) -> None:
    make_account("sun", "孙丽", Role.COMMUNITY_STAFF, story.place)
    with acting(story.chen):
        home = Household.objects.create(community_id=story.place.id, number="1")
        for name in ("李桂芳", "王建国", "王小宝"):
            Person.objects.create(community_id=story.place.id, name=name, household=home)
    sun = open_page(width=390, script=scripts)
    sign_in(sun, "sun")
    sun.goto("/book/catalogue/")
    sun.click("a[aria-label='记一次送温暖·困难家庭']")
    sun.fill("[name=title]", "送米面油")
    sun.fill("[name=q_got]", "李桂芳")
    sun.locator("#served button:has-text('找')").click()
    sun.locator("label:has-text('全家 3 人')").click()
    expect(sun.locator("[name=title]")).to_have_value("送米面油")
    sun.click(".actions button:has-text('记入台账')")
    expect(sun.locator("main")).to_contain_text("王小宝")

    sun.goto("/book/matrix/?of=attendances")
    cell = sun.locator("a[aria-label='送温暖·困难家庭：3 人次']")
    expect(cell).to_have_text("3")
    cell.click()
    expect(sun.locator("main")).to_contain_text("送米面油")
