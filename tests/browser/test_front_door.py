"""The front door opens in a real browser."""

from __future__ import annotations

from tests.browser.conftest import OpenPage


def test_wang_the_resident_sees_where_to_sign_in_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/", width=390)
    assert page.locator("form input[type=password]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_front_door_opens_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/", script=False)
    assert page.locator("form input[type=password]").count() == 1
