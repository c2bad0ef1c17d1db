"""林晓 holds her phone up to 陈静's screen; where the browser cannot read codes there is no such button."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from fuhui.domains.volunteers.actions.signing_up import sign_up
from fuhui.domains.volunteers.codes import code_at
from fuhui.domains.volunteers.models import Attendance
from fuhui.domains.volunteers.rules.attendance import written
from fuhui.domains.volunteers.tests.conftest import account_of, people_of, registered
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import system
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in
from tests.browser.test_volunteers import _shift_in_twenty_minutes

# Chromium on Linux brings no BarcodeDetector, so this one stands in for a phone's: it reads what the test says.
READER = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(video) { return video.videoWidth && window.held ? [{ rawValue: window.held }] : []; }
};
"""


@pytest.fixture
def phone(browser: Browser, live_site: str) -> Iterator[Page]:
    """A phone with a camera that films a test picture."""
    launched = browser.browser_type.launch(
        executable_path=_path(), args=["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage",
                                       "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])
    context = launched.new_context(base_url=live_site, viewport={"width": 390, "height": 844}, locale="zh-CN",
                                   timezone_id="Asia/Shanghai")
    context.add_init_script(READER)
    yield context.new_page()
    launched.close()


def _path() -> str:
    from tests.browser import chromium

    return chromium.find()


def _signed_up(story: Story) -> str:
    people = people_of(story.place)
    account_of(people, people.lin, "lin", "林晓")
    shift = _shift_in_twenty_minutes(story)
    row = registered(people, people.lin)
    with acting(system("tests", story.place.id)) as by:
        sign_up(by=by, shift_id=UUID(shift), volunteer_id=row.pk)
    return shift


def test_lin_holds_her_phone_up_to_the_screen(story: Story, phone: Page) -> None:
    shift = _signed_up(story)
    sign_in(phone, "lin")
    phone.goto(f"/volunteers/shifts/{shift}/door/")
    phone.get_by_role("button", name="扫现场的码").click()
    expect(phone.get_by_label("相机画面")).to_be_visible()
    said = phone.locator("[data-door-said]")
    phone.evaluate("window.held = 'https://example.org/else'")
    expect(said).to_contain_text("不是本社区的签到码")
    code = written(code_at(UUID(shift), timezone.now()))
    phone.evaluate("code => { window.held = `https://fuhui.example/volunteers/scan/${code}/`; }", code)
    expect(said).to_contain_text("签到成功")
    expect(phone.get_by_label("相机画面")).to_be_hidden()
    with acting(story.chen):
        assert Attendance.objects.get().came_at is not None


def test_without_a_reader_there_are_the_digits(story: Story, open_page: OpenPage) -> None:
    shift = _signed_up(story)
    page = open_page("/accounts/login/", width=390)
    sign_in(page, "lin")
    page.goto(f"/volunteers/shifts/{shift}/door/")
    expect(page.get_by_role("button", name="签到 / 签退")).to_be_visible()
    expect(page.locator("[data-door-scan]")).to_be_hidden()
