"""The desk on a small office screen: keys, the list beside the record, and news without a reload."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in, state_of


def test_chen_works_through_the_queue_with_keys_alone(open_page: OpenPage, story: Story) -> None:
    matters = ("3号楼2单元楼道灯不亮", "7号楼垃圾桶满了没人清运", "5号楼下水道堵了")
    cases = [story.enter(text, by=story.chen).case.id for text in matters]
    page = open_page("/accounts/login/")
    sign_in(page, "chen")
    page.goto("/queue/")
    rows = page.locator("#queue a.row-link")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    record = page.locator("#record")
    expect(record).to_contain_text("办理记录")
    expect(page).to_have_url(re.compile(r"/queue/\?.*open="))  # the queue stays beside the record
    page.keyboard.press("a")
    expect(record).to_contain_text("已受理")
    assert sorted(state_of(case, story) for case in cases) == ["accepted", "submitted", "submitted"]
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("下水道")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)


def test_a_case_entered_elsewhere_appears_in_the_queue_by_itself(
    streams: None, open_page: OpenPage, story: Story
) -> None:
    first, second = open_page("/accounts/login/"), open_page("/accounts/login/", width=390)
    sign_in(first, "chen")
    first.goto("/queue/")
    expect(first.locator("#queue")).not_to_contain_text("井盖")
    first.evaluate("window.sameDocument = true")
    sign_in(second, "zhao")
    second.goto("/cases/new/")
    second.fill("textarea[name=text]", "3号楼门口的井盖松了")
    second.click("button[value=enter]")
    expect(second.locator("main")).to_contain_text("井盖")
    expect(first.locator("#queue")).to_contain_text("井盖", timeout=8000)
    assert first.evaluate("window.sameDocument"), "without a reload"
