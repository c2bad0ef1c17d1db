"""The live stream, from a real process: it tells a community's people that something changed, and nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.test import Client

from fuhui.config.servers import Supervisor, free_port, live_program
from fuhui.domains.cases.actions.intake import CaseInput, submit_case
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import REGIONS, Place, make_account, make_community


@pytest.fixture
def towns(fresh_database: str) -> tuple[Place, Place]:
    """福惠社区 and its neighbour, committed."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return make_community("370611001038", "福惠社区"), make_community("370611001001", "南关社区")


@pytest.fixture
def stream(fresh_database: str, tmp_path: Path) -> Iterator[str]:
    """Address of a real live process on this test's database."""
    place, port = settings.DATABASES["default"], free_port()
    url = f"postgresql://{place['USER']}@/{fresh_database}?host={quote(place['HOST'], safe='')}"
    environment = {"FUHUI_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment["FUHUI_VAR"] = str(settings.VAR)
    program = live_program("127.0.0.1", port, environment)
    assert program
    supervisor = Supervisor(tmp_path / "log")
    supervisor.start(program)
    try:
        supervisor.wait_healthy(program, 30)
        yield f"http://127.0.0.1:{port}/live/"
    finally:
        supervisor.stop()


def cookie_of(viewer: Viewer) -> dict[str, str]:
    from fuhui.registry.accounts.models import Account

    browser = Client()
    account = Account.objects.get(pk=str(viewer.account_id))
    browser.force_login(account, backend="fuhui.registry.accounts.sessions.AccountBackend")
    return {settings.SESSION_COOKIE_NAME: str(browser.cookies[settings.SESSION_COOKIE_NAME].value)}


def first_event(address: str, cookies: dict[str, str], ready: threading.Event, seconds: float) -> str:
    """The first event a browser hears within some seconds, '' when it hears none."""
    try:
        with httpx.stream("GET", address, cookies=cookies, timeout=seconds) as answer:
            for line in answer.iter_lines():
                if line.startswith("retry"):
                    ready.set()
                if line.startswith("event:"):
                    return line
    except httpx.ReadTimeout:
        return ""
    return ""


def test_chen_hears_of_a_new_case_and_the_neighbour_does_not(towns: tuple[Place, Place], stream: str) -> None:
    here, there = towns
    chen = make_account("chen", "陈静", Role.SECRETARY, here)
    zhou = make_account("zhou", "周岚", Role.SECRETARY, there)
    heard: dict[str, str] = {}
    waiting = []
    for viewer in (chen, zhou):
        ready = threading.Event()
        listener = threading.Thread(
            target=lambda who=viewer, flag=ready: heard.update(
                {who.name: first_event(stream, cookie_of(who), flag, 4)}
            )
        )
        listener.start()
        assert ready.wait(10)
        waiting.append(listener)
    with acting(chen):
        submit_case(by=chen, community_id=here.id, matter=CaseInput(text="3号楼楼道灯不亮", source="phone"))
    for listener in waiting:
        listener.join(20)
    assert heard == {"陈静": "event: changed", "周岚": ""}


def test_a_visitor_gets_no_stream(stream: str) -> None:
    assert httpx.get(stream).status_code == 403
    assert httpx.get(stream.replace("/live/", "/other")).status_code == 404
