from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from fuhui.shared import audit
from fuhui.shared.audit.queries import Wanted, entries_for
from fuhui.shared.audit.words import action_words
from fuhui.shared.jobs.tests.support import make_account, make_community
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    account = get_user_model().objects.get(pk=str(viewer.account_id))
    client.force_login(account, backend="fuhui.registry.accounts.sessions.AccountBackend")
    return client


def test_chen_finds_who_read_a_record_and_zhao_does_not() -> None:
    place = make_community()
    chen, zhao = make_account(Role.SECRETARY, place), make_account(Role.GRID_WORKER, place, "zhao")
    with acting(zhao):
        audit.read("person", by=zhao, community_id=place, subject_id="42", data={"fields": ["手机号"]})
    page = browser(chen).get("/audit/?subject=person&subject_id=42").content.decode()
    assert "查看敏感信息" in page
    with acting(chen):
        entry = entries_for(chen, community_id=place, wanted=Wanted(subject="person")).rows[0]
    assert "手机号" in browser(chen).get(f"/audit/{entry.id}/").content.decode()
    assert browser(zhao).get("/audit/").status_code == 403
    assert browser(zhao).get(f"/audit/{entry.id}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [("/audit/?in=installation", 403), ("/audit/?in=01980000-0000-7000-8000-000000000007", 403), ("/audit/?in=x", 422),
     ("/audit/?after=x", 422)],
)
def test_chen_stays_inside_her_community(address: str, status: int) -> None:
    assert browser(make_account(Role.SECRETARY, make_community())).get(address).status_code == status


def test_the_operator_reads_the_installations_own_entries() -> None:
    operator = make_account(Role.OPERATOR, make_community(), "ops")
    with acting(operator):
        audit.record("keys.rotate", by=operator, community_id=None, subject="key", subject_id="k2")
    assert "更换加密密钥" in browser(operator).get("/audit/?in=installation").content.decode()


def test_chen_narrows_the_list_by_who_what_day_and_sensitive_reads() -> None:
    place = make_community()
    chen, zhao = make_account(Role.SECRETARY, place), make_account(Role.GRID_WORKER, place, "zhao")
    with acting(zhao):
        audit.record("people.reveal", by=zhao, community_id=place, subject="person", subject_id="42")
        audit.record("people.correct", by=zhao, community_id=place, subject="person", subject_id="42")
    desk, today = browser(chen), timezone.localdate().isoformat()
    for address, shows, hides in (
        ("?reads=1", "查看证件号和手机号</", "更正居民信息</"),
        ("?action=people.correct", "更正居民信息</", "查看证件号和手机号</"),
        (f"?who={zhao.name}&day={today}", "更正居民信息</", "没有符合条件"),
        ("?day=2020-01-01", "没有符合条件", "row-link"),
    ):
        page = rows_of(desk.get(f"/audit/{address}").content.decode())
        assert shows in page or shows == "没有符合条件", address
        assert hides not in page, address
    assert desk.get("/audit/?day=昨天").status_code == 422


def rows_of(page: str) -> str:
    """The list, without the form above it, whose choices hold every action."""
    return page.partition("</form>")[2].partition("<ul")[2].partition("</ul>")[0].replace("</span>", "</")


def test_the_export_is_an_entry_itself_and_its_cells_are_no_formulas() -> None:
    place = make_community()
    chen, zhao = make_account(Role.SECRETARY, place), make_account(Role.GRID_WORKER, place, "zhao")
    with acting(zhao):
        audit.record("people.create", by=zhao, community_id=place, subject="person", subject_id="=1+1")
    answer = browser(chen).post("/audit/export.csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [line[5] for line in lines[1:]][:2] == ["audit.export", "people.create"]
    assert lines[2][7] == "'=1+1"
    assert browser(zhao).post("/audit/export.csv").status_code == 403


def test_the_check_says_what_it_looked_at() -> None:
    chen = make_account(Role.SECRETARY, make_community())
    page = browser(chen).post("/audit/check/").content.decode()
    assert "fuhui audit verify" in page
    assert browser(chen).get("/audit/check/").status_code == 405


def test_every_action_written_anywhere_has_words() -> None:
    root = Path(audit.__file__).parents[2]
    call = re.compile(r'(?:audit\.record|_note|_done)\(\s*"([a-z_]+\.[a-z_]+)"')
    files = [file for file in root.rglob("*.py") if "tests" not in file.parts]
    written = {code for file in files for code in call.findall(file.read_text("utf-8"))}
    assert len(written) > 40
    assert written <= action_words().keys()
