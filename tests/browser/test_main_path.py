"""The main job in a real browser: from the messages of a WeChat group to the call-back, with scripts and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fuhui.domains.cases.models import Case
from fuhui.shared.tenancy.scope import acting
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, press, sign_in, state_of

TALK = """王阿姨 2026-03-12 08:54
3号楼2单元二楼的灯又不亮了，昨天我差点摔一跤

李大爷 2026-03-12 08:55
大家早上好[微笑]

孙姐 2026-03-12 09:20
7号楼东边的垃圾桶满了好几天没人倒，臭得很

张师傅 2026-03-12 09:31
8号楼前面的健身器材松了，孩子玩着不安全
"""


def _paste(page: Page, text: str = TALK) -> None:
    page.goto("/chat/")
    page.fill("textarea[name=text]", text)
    page.click("button:has-text('整理')")
    expect(page.locator("h1")).to_have_text(re.compile("看一看"))


def _work_to_the_end(page: Page) -> str:
    """Takes the case that is open, replies, solves, checks and calls back; gives its address."""
    press(page, "我来办理")
    expect(page.locator(".cases-head")).to_contain_text("办理中")
    address = page.url
    _step(page, address, "reply", "note", "已联系物业，今天下午去换灯")
    _step(page, address, "solve", "note", "灯已经换好，今晚起正常照明")
    expect(page.locator(".cases-head")).to_contain_text("待核查")
    _step(page, address, "pass_check", "note", "看过了，灯是亮的")
    page.goto(f"{address}step/call_back/")
    for name, value in (("reached", "yes"), ("solved", "yes"), ("satisfaction", "very")):
        page.locator(f"input[name={name}][value={value}]").check(force=True)
    page.locator("#record .actions button").click()
    expect(page.locator(".cases-head")).to_contain_text("已办结")
    return address


def _step(page: Page, address: str, step: str, field: str, words: str) -> None:
    page.goto(f"{address}step/{step}/")
    page.fill(f"#record [name={field}]", words)
    page.locator("#record .actions button").click()
    page.wait_for_url(re.compile(f"{re.escape(address)}$"))


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_zhao_makes_cases_of_a_group_and_works_one_to_its_end(
    open_page: OpenPage, story: Story, script: bool
) -> None:
    page = open_page("/accounts/login/", width=390, script=script)
    sign_in(page, "zhao")
    _paste(page)
    before = page.locator("article.draft").count()
    _put_to(page, "健身器材", "垃圾桶", script=script)
    expect(page.locator("article.draft")).to_have_count(before - 1)
    page.locator(".make-bar button").click()
    expect(page.locator("h1")).to_have_text("已生成诉求")
    answer = page.locator(".quote").first.inner_text()
    assert "收到" in answer or "已" in answer
    if script:
        page.locator("[data-copy]").first.click()
        expect(page.locator("body")).to_contain_text("已复制")
    page.locator("a.row-link:has-text('灯')").first.click()
    case = page.url.rstrip("/").rpartition("/")[2]
    _work_to_the_end(page)
    assert state_of(case, story) == "closed"


def _put_to(page: Page, words: str, other: str, *, script: bool) -> None:
    """Puts one message to the case of another: by the tap on 归到…, or by tick box and select."""
    line = page.locator(f"li[data-message]:has-text('{words}')")
    target = page.locator(f"article.draft:has-text('{other}')").get_attribute("data-target") or ""
    if script:
        line.locator("[data-move]").click()
        page.locator(f"dialog#targets button[value='{target}']").click()
    else:
        line.locator("input[type=checkbox]").check(force=True)
        page.locator("#regroup select").select_option(target)
        page.locator("#regroup button").click()


def test_a_resident_files_by_the_poster_and_sends_bad_work_back(
    open_page: OpenPage, story: Story, photo: Path
) -> None:
    page = open_page(f"/report/{story.place.code}/?place={story.place.buildings['3']}", width=390)
    expect(page.locator("main form")).to_contain_text("3号楼")
    page.fill("textarea[name=text]", "2单元楼道灯不亮，晚上老人看不见")
    page.set_input_files("input[name=photos]", str(photo))
    page.fill("input[name=phone]", "19900000007")
    press(page, "提交")
    expect(page.locator("h1")).to_have_text("已收到，谢谢您")
    link = page.locator(".cases-link a").get_attribute("href") or ""
    number = page.locator(".cases-receipt-number").inner_text()
    with acting(story.chen):
        case = Case.objects.get(number=number)
        assert (case.building_id, case.grid_id) == (story.place.buildings["3"], story.place.grids[3])
    _solve(story, case)
    page.goto(link)
    expect(page.locator("img[src*=photo]").first).to_be_visible()
    for name, value in (("solved", "no"), ("satisfaction", "not")):
        page.locator(f"input[name={name}][value={value}]").check(force=True)
    page.fill("textarea[name=words]", "灯还是不亮")
    press(page, "提交评价")
    expect(page.locator("body")).not_to_contain_text("提交评价")
    assert state_of(case.id, story) == "handling"


def _solve(story: Story, case: Case) -> None:
    from fuhui.domains.cases.actions.closing import pass_check
    from fuhui.domains.cases.actions.handling import Worker, assign_case, reply_to_resident, solve_case

    with acting(story.zhao) as by:
        if state_of(case.id, story) != "handling":
            assign_case(by=by, case_id=case.id, to=Worker(by.account_id))
        reply_to_resident(by=by, case_id=case.id, note="今天去看")
        solve_case(by=by, case_id=case.id, note="换了灯泡")
        pass_check(by=by, case_id=case.id, note="看过了")


def test_chen_approves_more_time_and_the_street_answers(open_page: OpenPage, story: Story) -> None:
    from fuhui.domains.cases.actions.time import request_extension

    case = story.enter(take=True).case
    with acting(story.zhao):
        request_extension(by=story.zhao, case_id=case.id, days=3, note="要等配件")
    chen = open_page("/accounts/login/")
    sign_in(chen, "chen")
    chen.goto("/approvals/")
    expect(chen.locator("main")).to_contain_text("要等配件")
    address = f"/cases/{case.id}/"
    chen.goto(f"{address}step/decide_extension/")
    chen.locator("input[name=grant][value=yes]").check(force=True)
    chen.locator("#record .actions button").click()
    chen.wait_for_url(f"**{address}")
    _step(chen, address, "escalate", "note", "线路归市政，社区办不了")
    assert state_of(case.id, story) == "escalated"
    liu = open_page("/accounts/login/")
    sign_in(liu, "liu")
    liu.goto("/street/")
    expect(liu.locator("main")).to_contain_text("福惠社区")
    _step(liu, address, "street_reply", "note", "市政明天上午到场更换线路")
    assert state_of(case.id, story) == "handling"
