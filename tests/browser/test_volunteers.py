"""A volunteer in a real browser, from nothing to a place of a shift; a phone without scripts does it too."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fuhui.domains.volunteers.actions.calls import publish_call
from fuhui.domains.volunteers.codes import certificate_token
from fuhui.domains.volunteers.jobs import count_due
from fuhui.domains.volunteers.models import Shift
from fuhui.domains.volunteers.rules.planning import CallEntry, ShiftEntry
from fuhui.domains.volunteers.tests.conftest import account_of, called, people_of
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, system
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in
from tests.personas import make_account
from tests.racing import as_owner


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


def _days_pass(days: int) -> None:
    """The story goes on that much later: the server's clock is the computer's, so what was written moves back."""
    with as_owner() as cursor:
        for table, columns in (
            ("volunteers_shift", ("starts_at", "ends_at", "opens_at", "closes_at")),
            ("volunteers_attendance", ("came_at", "left_at", "approved_at", "notice_until")),
        ):
            moved = ", ".join(f"{column} = {column} - interval '{days} days'" for column in columns)
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET {moved}")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _shift_in_twenty_minutes(story: Story) -> str:
    """Chen's call for help, which begins soon; gives the shift's id."""
    begin = timezone.now() + timedelta(minutes=20)
    call = CallEntry(title="陪诊", about="陪老人看病", place="社区门口", risks="无", kind="other")
    shift = ShiftEntry(starts_at=begin, ends_at=begin + timedelta(hours=2), capacity=3)
    with acting(story.chen):
        made = publish_call(by=story.chen, community_id=story.place.id, entry=call, shifts=[shift])
        return str(Shift.objects.get(call=made).pk)


def test_lin_from_registration_to_certificate(story: Story, open_page: OpenPage) -> None:
    people = people_of(story.place)
    account_of(people, people.lin, "lin", "林晓")
    make_account("wu", "吴队", Role.ORGANISATION_LEADER, story.place, organisation_id=people.rainbow)
    hers, his, desk = (open_page("/accounts/login/", width=width) for width in (390, 390, 1280))
    for page, name in ((hers, "lin"), (his, "wu"), (desk, "chen")):
        sign_in(page, name)
    main = hers.locator("main")
    hers.goto("/volunteers/join/")
    hers.locator("input[name=agreed]").check(force=True)
    hers.get_by_role("button", name="登记", exact=True).click()
    hers.goto(f"/volunteers/teams/{people.rainbow}/")
    hers.get_by_role("button", name="申请入队").click()
    his.goto(f"/volunteers/teams/{people.rainbow}/")
    his.get_by_role("button", name="同意入队").click()
    expect(his.locator("body")).to_contain_text("已入队")
    shift = _shift_in_twenty_minutes(story)
    hers.goto("/volunteers/calls/")
    hers.get_by_role("link", name=re.compile("陪诊")).click()
    hers.get_by_role("button", name="我要报名").click()
    desk.goto(f"/volunteers/shifts/{shift}/code/")
    digits = desk.locator(".volunteers-digits").inner_text()
    hers.get_by_role("link", name="到了现场，签到").click()
    hers.fill("input[name=digits]", digits)
    hers.get_by_role("button", name="签到 / 签退").click()
    expect(hers.locator("[data-door-said]")).to_contain_text("签到成功")
    _days_pass(1)
    desk.goto(f"/volunteers/shifts/{shift}/attendance/")
    desk.locator("summary", has_text="补记").click()
    with acting(story.chen):
        ended = Shift.objects.get(pk=shift).ends_at
    desk.fill("input[name=time]", timezone.localtime(ended).strftime("%H:%M"))
    desk.get_by_role("button", name="签退", exact=True).click()
    desk.get_by_role("button", name="认定并公示").click()
    expect(desk.locator("main")).to_contain_text("公示到")
    hers.goto("/volunteers/notice/")
    expect(main).to_contain_text("林*")
    _days_pass(20)
    with acting(system("volunteers.count_hours", story.place.id)):
        assert count_due(story.place.id, now=timezone.now()) == 1
    hers.goto("/volunteers/me/")
    expect(main).to_contain_text("记入台账")
    hers.get_by_role("link", name="服务记录和证明").click()
    desk.goto(urlsplit(hers.url).path)
    for field, words in (("since", "2020-01-01"), ("head", "陈静"), ("contact", "0535-0001001")):
        desk.fill(f"input[name={field}]", words)
    desk.get_by_role("button", name="出具证明").click()
    expect(desk.locator("body")).to_contain_text("已出具")
    hers.reload()
    paper = hers.get_by_role("link", name="下载 PDF").get_attribute("href")
    got = hers.request.get(str(paper))
    assert (got.headers["content-type"], got.body()[:5]) == ("application/pdf", b"%PDF-")
    proof = certificate_token(UUID(str(paper).split("/")[-3]))
    stranger = open_page(f"/volunteers/proof/{proof}/", width=390)
    expect(stranger.locator("main")).to_contain_text("有效")
    assert "林晓" not in stranger.content()
