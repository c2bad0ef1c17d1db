"""An 80-year-old signs up by the poster's QR code: no account, large type, one tap; then she is checked in."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fuhui.domains.activities.actions.planning import approve_activity, plan_activity, publish_activity
from fuhui.domains.activities.models import CheckIn, SignUp
from fuhui.domains.activities.rules.activity import Plan
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in


def _publish(story: Story) -> UUID:
    """A lecture that begins in an hour: the door is open already."""
    starts = timezone.now() + timedelta(hours=1)
    plan = Plan(title="春季养生讲座", place="社区活动室", capacity=30, starts_at=starts,
                ends_at=starts + timedelta(hours=2))
    with acting(story.zhao):
        activity = plan_activity(by=story.zhao, community_id=story.place.id, plan=plan, request_key=new_id())
    with acting(story.chen):
        approve_activity(by=story.chen, activity_id=activity.pk)
        publish_activity(by=story.chen, activity_id=activity.pk)
    return activity.pk


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_old_resident_signs_up_by_qr_without_an_account(
    story: Story, open_page: OpenPage, scripts: bool
) -> None:
    activity = _publish(story)
    zhao = open_page(width=390, script=scripts)
    sign_in(zhao, "zhao")
    zhao.goto(f"/activities/desk/{activity}/poster/")
    expect(zhao.locator("article img")).to_be_visible()
    said = re.search(r"扫码打开：\S*?(/activities/\S+)", zhao.locator("main").inner_text())
    assert said

    grandma = open_page(said[1], width=390, script=scripts)
    letters = grandma.locator("main .activities-when").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert letters >= 20
    button = grandma.locator("button:has-text('我要报名')").bounding_box()
    assert button
    assert button["height"] >= 44
    grandma.fill("[name=name]", "李桂芳")
    grandma.fill("[name=phone]", "19900000021")
    grandma.fill("[name=heads]", "2")
    grandma.click("button:has-text('我要报名')")
    expect(grandma.locator("h1")).to_contain_text("报名成功")
    expect(grandma.locator(".activities-ticket img")).to_be_visible()
    ticket = grandma.url

    zhao.goto(f"/activities/desk/{activity}/")
    zhao.fill("[name=ticket]", ticket.partition("?")[0])
    zhao.locator("form:has([name=ticket]) button").click()
    expect(zhao.locator("body")).to_contain_text("签到成功，2 人")
    grandma.goto(ticket)
    expect(grandma.locator("main")).to_contain_text("已经签到")
    with acting(story.chen):
        assert SignUp.objects.get().heads == 2
        assert CheckIn.objects.get().outcome == "ok"
