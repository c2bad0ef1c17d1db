"""Takes the README's pictures from a running demo: `python -m tests.pictures http://localhost:8000`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser import chromium

TARGET = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PHONE: ViewportSize = {"width": 390, "height": 844}


def main(address: str) -> None:
    """今天, the paste preview and a case, as the grid worker and the secretary see them on a phone."""
    found = chromium.find()
    if not found:
        raise SystemExit("没有 Chromium，拍不了照。")
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_context(base_url=address, viewport=PHONE, device_scale_factor=2, locale="zh-CN").new_page()
        _sign_in(page, "chen")
        _take(page, "/", "today")
        _paste(page)
        page.screenshot(path=TARGET / "paste.png")
        page.goto("/queue/?tab=late")
        page.locator(".rows a").first.click()
        page.wait_for_load_state()
        page.screenshot(path=TARGET / "case.png")
        browser.close()


def _sign_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", "fuhui-demo")
    page.get_by_role("button", name="登录", exact=True).first.click()
    page.wait_for_url("**/")


def _take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.wait_for_load_state()
    page.screenshot(path=TARGET / f"{name}.png")


def _paste(page: Page) -> None:
    page.goto("/chat/")
    page.get_by_role("button", name="整理").first.click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
