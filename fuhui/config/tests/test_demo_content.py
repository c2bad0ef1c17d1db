"""The demo community: invented from end to end, the same every time, and alive on its last day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from django.utils import timezone
from shapely.geometry import Polygon

from fuhui.config.demo.clock import frozen_clock
from fuhui.config.demo.land import tiles
from fuhui.config.demo.people_made import Maker, family
from fuhui.config.demo.pictures import KINDS, picture
from fuhui.config.demo.roster import ACCOUNTS, CODE
from fuhui.config.demo.texts import load_matters
from fuhui.config.demo.world import ZONE, Span
from fuhui.config.engine import Engine
from fuhui.domains.cases.rules.categories import DEFAULT_CATEGORIES
from fuhui.registry.people.rules.identity import identity
from fuhui.shared.messages.models import Message
from fuhui.shared.viewers import Role
from fuhui.triage import read_chat

_DAY = "2026-11-23"
_LOAD = """
import json, sys, time
from datetime import datetime
from fuhui.config.cli.boot import start_django, start_engine
start_engine(); start_django(database=False)
from django.db import connections
from fuhui.config import schema
from fuhui.config.demo import is_loaded, load_demo
from fuhui.config.demo.digest import counts, digest
for moment in sys.argv[1:]:
    connections.close_all(); schema.recreate(); schema.migrate()
    assert not is_loaded()
    begin = time.monotonic()
    load_demo(lambda what, done, total: None, now=datetime.fromisoformat(moment + "+08:00"))
    assert is_loaded()
    print(json.dumps({"digest": digest(), "counts": counts(), "seconds": time.monotonic() - begin}), flush=True)
"""
# What the secretary's page says of each figure, and how many rows the list behind it has.
_PAGES = """
import html, json, re
from datetime import date
from fuhui.config.cli.boot import start_django, start_engine
start_engine(); start_django()
from django.test import Client
from fuhui.registry.accounts.queries import active_account_named, viewer_of
from fuhui.registry.ledger.registry import all_figures, all_rows
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.shared.tenancy.scope import acting
account = active_account_named("chen")
client = Client(HTTP_HOST="localhost")
client.force_login(account)
page = client.get("/book/?from=2019-01-01&to=2021-12-31").content.decode()
each = r'figures/[a-z_]+/([a-z_]+)/[^>]*>.*?stat-value">(.*?)(?:<small|</div).*?stat-sub">(.*?) '
said = re.findall(each, page, re.S)
with acting(viewer_of(account)) as viewer:
    ask = Ask(community=viewer.communities[0], since=date(2019, 1, 1), until=date(2021, 12, 31))
    rows = {one.definition.code: len(all_rows(viewer, ask, room, one.definition.code))
            for room, one in all_figures(viewer, ask)}
print(json.dumps({"said": {code: [html.unescape(value), records] for code, value, records in said}, "rows": rows}))
"""


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """An installation of its own. Not below pytest's folder: another session that starts meanwhile closes that one
    to the server's own user, who runs the engine where the tests run as root."""
    found = {key: value for key, value in os.environ.items() if not key.startswith("FUHUI_")}
    with TemporaryDirectory(prefix="fuhui-demo-") as folder:
        var = Path(folder) / "var"
        yield found | {"FUHUI_VAR": str(var), "FUHUI_DEMO": "yes", "DJANGO_SETTINGS_MODULE": "fuhui.config.settings"}
        Engine(var / "postgres").stop()


def test_loaded_twice_on_one_day_it_is_the_same_and_its_chains_hold(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", _LOAD, f"{_DAY}T20:15", f"{_DAY}T10:05"]
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    first, second = (json.loads(line) for line in said.splitlines())
    assert first["digest"] == second["digest"]
    assert first["counts"] == second["counts"]
    assert {"submitted", "dispatch", "escalated", "waiting", "suspended", "checking", "call_back"} <= set(
        first["counts"]
    )
    verify = [sys.executable, "-m", "fuhui.config.cli", "audit", "verify"]
    assert "0 个问题" in subprocess.run(verify, env=environment, check=True, capture_output=True, text=True).stdout
    _book_answers(environment)


def _book_answers(environment: dict[str, str]) -> None:
    """Volunteers, activities and wishes of 2019 to 2021: the command, the page and the lists say the same."""
    command = [sys.executable, "-m", "fuhui.config.cli", "figures", "--community", CODE, "--from", "2019-01-01", "--to",
               "2021-12-31", "--json"]
    found = {one["code"]: one for one in json.loads(_said(command, environment))}
    assert (found["volunteers"]["value"], found["volunteer_teams"]["value"]) == (826, 5)
    assert found["activity_sessions"]["value"] > 100
    assert found["activity_attendances"]["value"] > 15_800
    assert found["wish_claims"]["value"] == 30
    page = json.loads(_said([sys.executable, "-c", _PAGES], environment))
    assert page["rows"] == {code: one["records"] for code, one in found.items()}
    assert {code: records for code, (_, records) in page["said"].items()} == {
        code: f"{one['records']:,}" for code, one in found.items()
    }
    counted = {code: one for code, one in found.items() if one["unit"] != "分钟"}
    assert {code: page["said"][code][0] for code in counted} == {
        code: f"{one['value']:,}" for code, one in counted.items()
    }


def _said(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_there_is_one_account_for_every_role() -> None:
    assert len({username for _, username, _, _ in ACCOUNTS}) == len(ACCOUNTS) == len(Role)


def test_residents_speak_of_every_category_in_many_voices() -> None:
    matters = load_matters()
    voices = [voice for matter in matters for voice in matter.voices]
    known = {row.code for rows in DEFAULT_CATEGORIES.values() for row in rows}
    assert len(set(voices)) >= 150
    assert {matter.category for matter in matters} <= known
    assert {matter.category.partition(".")[0] for matter in matters} == {row.code for row in DEFAULT_CATEGORIES}
    assert all(matter.answered or matter.refused or (matter.reply and matter.outcome) for matter in matters)


def test_the_transcript_is_read_without_a_line_left_over() -> None:
    text = (Path(__file__).parent.parent / "demo" / "transcript.txt").read_text("utf-8")
    read = read_chat(text.replace("{before}", "2026-03-01").replace("{yesterday}", "2026-03-02"))
    assert len(read.messages) >= 70
    assert not read.unparsed
    assert {message.group for message in read.messages} == {"福惠社区第三网格群"}


def test_invented_people_have_numbers_that_check_and_belong_to_nobody() -> None:
    today = date(2026, 3, 2)
    maker = Maker(Random(1), today)
    people = [one for _ in range(400) for one in family(maker)]
    assert len({one.number for one in people}) == len(people)
    for one in people:
        found = identity(one.number, today)
        assert (found.birth, found.sex) == (one.birth, one.sex)
        assert one.number >= "990000"
        assert not one.phone or one.phone.startswith("1990000")


def test_grids_touch_and_do_not_overlap() -> None:
    areas = [Polygon(corners) for corners in tiles(Random(2), 4, 3)]
    assert all(area.is_valid for area in areas)
    assert max(a.intersection(b).area for n, a in enumerate(areas) for b in areas[n + 1 :]) < 1e-12


@pytest.mark.parametrize("hour", [0, 5, 6, 9, 16, 23])
def test_nothing_of_the_last_day_lies_in_the_future(hour: int) -> None:
    now = datetime(2026, 3, 3, hour, 20, tzinfo=ZONE)
    span = Span.ending(now)
    begin = span.at(span.last, 0)
    moments = [begin + timedelta(minutes=minutes) for minutes in range(0, 16 * 60 + 41, 20)]
    fitted = [span.fitted(moment) for moment in moments]
    assert fitted == sorted(fitted)
    assert fitted[-1] <= now


def test_under_the_frozen_clock_defaults_stand_still_too() -> None:
    moment, real = datetime(2026, 1, 5, 9, tzinfo=ZONE), timezone.now
    with frozen_clock(moment) as clock:
        clock.set(moment - timedelta(days=1))
        assert (timezone.now(), Message().created_at) == (moment, moment)
    assert timezone.now is real
    assert Message().created_at > moment


def test_every_picture_can_be_drawn_before_and_after() -> None:
    for kind in KINDS:
        assert picture(kind, "before", 1)[:2] == b"\xff\xd8"
        assert picture(kind, "before", 1) != picture(kind, "after", 1)
