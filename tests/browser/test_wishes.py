"""A wish in a real browser: from the wall to the thanks, on a phone, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fuhui.domains.wishes.models import Wish
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in
from tests.personas import make_account


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_wish_from_the_wall_to_the_thanks(story: Story, open_page: OpenPage, scripts: bool) -> None:
    make_account("sun", "孙丽", Role.COMMUNITY_STAFF, story.place)
    lin = make_account("lin", "林晓", Role.RESIDENT, story.place)
    _register(story, lin.account_id, "林晓")
    wall = f"/wishes/{story.place.code}/"

    wang = open_page(width=390, script=scripts)
    sign_in(wang, "wang")
    wang.goto(f"{wall}new/")
    wang.fill("[name=title]", "想要一盏床头灯")
    wang.fill("[name=value_yuan]", "120")
    wang.fill("[name=text]", "晚上起夜看不见")
    wang.click("button:has-text('许下心愿')")
    expect(wang.locator("body")).to_contain_text("心愿收到了")

    sun = open_page(width=390, script=scripts)
    sign_in(sun, "sun")
    sun.goto("/wishes/desk/")
    sun.click("a:has-text('想要一盏床头灯')")
    sun.click("button:has-text('上墙')")
    expect(sun.locator("main")).to_contain_text("等人认领")

    neighbour = open_page(width=390, script=scripts)
    sign_in(neighbour, "lin")
    neighbour.goto(wall)
    expect(neighbour.locator("main")).not_to_contain_text("王秀兰")
    neighbour.click("a:has-text('我来实现')")
    neighbour.click("button:has-text('我来实现')")
    neighbour.wait_for_url(re.compile("/wishes/mine/"))
    neighbour.click("button:has-text('已经送到')")
    expect(neighbour.locator("main")).to_contain_text("已送到，待确认")

    wang.goto("/wishes/mine/")
    wang.click("button:has-text('收到了，确认实现')")
    expect(wang.locator("body")).to_contain_text("心愿实现了")
    wang.goto("/wishes/mine/")
    wang.fill("[name=words]", "灯很亮，谢谢您！")
    wang.locator("[name=is_shown]").check()
    wang.click("button:has-text('说谢谢')")
    expect(wang.locator("main")).to_contain_text("灯很亮，谢谢您！")

    visitor = open_page(width=390, script=scripts)
    visitor.goto(wall)
    expect(visitor.locator("main")).to_contain_text("灯很亮，谢谢您！")
    expect(visitor.locator("main")).not_to_contain_text("王秀兰")
    with acting(story.chen):
        assert Wish.objects.get().state == "fulfilled"


def _register(story: Story, account_id: object, name: str) -> None:
    """The account belongs to a resident of the register."""
    from fuhui.registry.accounts.models import Account
    from fuhui.registry.people.models import Person

    with acting(story.chen):
        person = Person.objects.create(community_id=story.place.id, name=name)
    Account.objects.filter(pk=str(account_id)).update(person_id=person.pk)
