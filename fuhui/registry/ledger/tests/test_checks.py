"""The nightly self-checks: quiet while all agrees, and naming the rows where something was tampered with."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from fuhui.registry.ledger import checks
from fuhui.registry.ledger.actions import Served, ServedBy, reverse_service
from fuhui.registry.ledger.actions.checking import run_checks
from fuhui.registry.ledger.checks import Check, all_checks
from fuhui.registry.ledger.cli import figures as command
from fuhui.registry.ledger.jobs import check_book
from fuhui.registry.ledger.queries.checking import last_results
from fuhui.registry.ledger.tests.conftest import People, writer
from fuhui.registry.people.actions import merge_people
from fuhui.shared.errors import NotAllowed
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import make_account
from tests.racing import as_owner

TABLES = ("ledger_record", "ledger_part", "ledger_person_day")


@pytest.fixture
def chen(town: People) -> Viewer:
    """Chen the secretary, committed."""
    return make_account("chen", "陈静", Role.SECRETARY, town.community)


@pytest.fixture
def month(town: People, chen: Viewer) -> Viewer:
    """Three services, one of them taken back; returns Chen."""
    write = writer(chen, town)
    write(key="a", served=[Served(person=town.wang), Served(heads=3)])
    write(key="b", served_by=[ServedBy(person=town.lin, minutes=700), ServedBy(person=town.zhou, minutes=800)])
    write(key="c")
    with acting(chen):
        reverse_service(by=chen, community=town.community.id, source="tests.visit", key="c", reason="记错了")
    return chen


def _tamper(statement: str) -> None:
    with as_owner() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)


def _found(by: Viewer, town: People) -> dict[str, int]:
    with acting(by):
        return {row.name: row.found for row in run_checks(by=by, community_id=town.community.id) if row.found}


def test_an_honest_book_is_quiet(town: People, month: Viewer) -> None:
    assert _found(month, town) == {}
    with acting(month):
        assert not Message.objects.filter(kind="ledger.check").exists()


@pytest.mark.parametrize(("statement", "name"), [
    ("UPDATE ledger_record SET got_heads = 400 WHERE key = 'a'", "book.counts"),
    ("DELETE FROM ledger_part WHERE side = 'got'", "book.counts"),
    ("UPDATE ledger_person_day SET minutes = minutes + 60", "book.days"),
    ("UPDATE ledger_record SET day = day + 1, occurred_at = occurred_at + interval '1 day' WHERE sign = -1",
     "book.mirrors"),
    ("UPDATE ledger_record SET digest = repeat('0', 64) WHERE key = 'a'", "book.audited"),
])
def test_what_was_changed_behind_the_back_of_the_book_is_found_and_told(
    town: People, month: Viewer, statement: str, name: str
) -> None:
    _tamper(statement)
    assert name in _found(month, town)
    with acting(month):
        result = next(one.result for one in last_results(month, town.community.id) if one.check.name == name)
        assert result is not None
        assert len(result.rows) == result.found > 0
        assert Message.objects.filter(kind="ledger.check", to_account=month.account_id).count() == 1
        assert name in _found(month, town)
        assert Message.objects.filter(kind="ledger.check").count() == 1  # told once a day


def test_two_records_of_one_person_that_serve_too_long_together_are_found(town: People, month: Viewer) -> None:
    with acting(month):
        merge_people(by=month, keep=town.lin, merge=town.zhou, reason="同一个人")
    assert _found(month, town) == {"book.merged_days": 1}


def test_every_check_counts_as_many_rows_as_it_shows(town: People, month: Viewer) -> None:
    for check in all_checks():
        with acting(month):
            assert checks.look(check, town.community.id).found >= 0
        assert check.severity in {"late", "soon"}
        assert check.advice


def test_another_room_adds_its_own_check(
    town: People, month: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_checks", dict(checks._checks))
    checks.register(Check("tests.none", "样例", "soon", "看一看", "SELECT 2", "SELECT 'x', '/a/' UNION SELECT 'y', ''"))
    assert _found(month, town) == {"tests.none": 2}


def test_the_night_looks_at_every_community(town: People, month: Viewer) -> None:
    check_book.work()
    with acting(month):
        assert all(one.result is not None for one in last_results(month, town.community.id))


def test_only_the_secretary_and_auditors_check_now(town: People, month: Viewer) -> None:
    zhao = make_account("zhao", "赵敏", Role.GRID_WORKER, town.community, grid_id=town.community.grids[3])
    with acting(zhao), pytest.raises(NotAllowed, match="每晚"):
        run_checks(by=zhao, community_id=town.community.id)


def _ask(*more: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["--from", "2026-03-01", "--to", "2026-03-31", *more])
    return result.exit_code, result.output


def test_the_command_prints_every_figure(town: People, month: Viewer, caplog: pytest.LogCaptureFixture) -> None:
    code, said = _ask("--community", town.community.code, "--json")
    assert code == 0, said
    rows = {row["code"]: row for row in json.loads(said)}
    assert (rows["sessions"]["value"], rows["sessions"]["records"], rows["sessions"]["unit"]) == (2, 2, "场")
    assert (rows["minutes"]["value"], rows["attendances"]["value"]) == (60 + 1500, 4)
    assert "场次：2 场（2 条记录）" in _ask("--community", town.community.code)[1]


@pytest.mark.parametrize("more", [("--community", "370699999999"), ("--community", "x"), ()])
def test_the_command_says_what_is_wrong(town: People, more: tuple[str, ...]) -> None:
    code, said = _ask(*more)
    assert code != 0
    assert "Traceback" not in said
    assert said.strip()


