"""Fixtures of the browser stories: Chromium, a served site on a database of its own, pages that must stay clean."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

from fuhui.config.environment import ROOT
from fuhui.config.servers import Program, Supervisor, free_port, live_program, web_program
from tests.browser import chromium
from tests.browser.stories import Story, begin

# Playwright's own loop runs in this thread; the stories prepare their data through Django in between.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
OpenPage = Callable[..., Page]
_LOCAL = {"127.0.0.1", "localhost", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser story."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Without one the stories are skipped with the reason, and fail under CI=true."""
    found = chromium.find()
    if not found:
        reason = "没有 Chromium：请运行 make browser（会尝试安装），或用 FUHUI_CHROMIUM 指明它在哪里"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage", "--lang=zh-CN"]
        launched = playwright.chromium.launch(executable_path=found, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site_files() -> None:
    """Front-end and static files below the tests' own FUHUI_VAR, made again only when they changed."""
    subprocess.run(
        [sys.executable, "-m", "fuhui.config.cli", "setup-files"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "FUHUI_VAR": str(settings.VAR), "DJANGO_SETTINGS_MODULE": "fuhui.config.settings"},
    )


@pytest.fixture
def streams() -> None:
    """A story that asks for it gets the live process beside the site."""


@pytest.fixture
def live_site(
    fresh_database: str, site_files: None, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Address of a real server on this test's own database, which Django in the test sees too."""
    place = settings.DATABASES["default"]
    urls = {
        name: f"postgresql://{user}@/{fresh_database}?host={quote(place['HOST'], safe='')}"
        for name, user in (("FUHUI_DATABASE_URL", place["USER"]),
                           ("FUHUI_OWNER_DATABASE_URL", settings.DATABASES["owner"]["USER"]))
    }
    port = free_port()
    environment = {**urls, "FUHUI_VAR": str(settings.VAR), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    programs: list[Program | None] = []
    if "streams" in request.fixturenames:
        environment["FUHUI_LIVE_PORT"] = str(free_port())
        programs.append(live_program("127.0.0.1", int(environment["FUHUI_LIVE_PORT"]), environment))
    programs.append(web_program("127.0.0.1", port, workers=1, environment=environment))
    supervisor = Supervisor(tmp_path / "log")
    try:
        for program in filter(None, programs):
            supervisor.start(program)
        for program in filter(None, programs):
            supervisor.wait_healthy(program, 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        supervisor.stop()


@pytest.fixture
def story(live_site: str) -> Story:
    """福惠社区 with Zhao, Chen, Liu and Wang, on the served site."""
    return begin()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a phone takes it."""
    place = tmp_path / "灯.jpg"
    Image.new("RGB", (1200, 900), (110, 120, 90)).save(place, "JPEG")
    return place


@pytest.fixture
def open_page(browser: Browser, live_site: str) -> Iterator[OpenPage]:
    """Opens a page of its own visitor: `open_page("/path", width=390)`; `script=False` for one without JavaScript.

    At the end no page may have logged an error, asked for a foreign address or broken in a script.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(path: str = "/", *, width: int = 1280, height: int = 844, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_site, viewport={"width": width, "height": height}, locale="zh-CN",
            timezone_id="Asia/Shanghai", java_script_enabled=script, has_touch=width < 600,
        )
        contexts.append(context)
        context.route("**/*", lambda route: _only_local(route, complaints))
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", lambda message: _note_error(message, complaints))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, complaints


def _only_local(route: Route, complaints: list[str]) -> None:
    if (urlsplit(route.request.url).hostname or "") in _LOCAL:
        route.continue_()
    else:
        complaints.append(f"foreign address: {route.request.url}")
        route.abort()


def _note_error(message: ConsoleMessage, complaints: list[str]) -> None:
    # A page that answers 403 or 404 on purpose is logged by the browser too; the story checks the page itself.
    if message.type == "error" and "status of 4" not in message.text:
        complaints.append(f"console: {message.text}")
