"""With real commits and real threads."""

from __future__ import annotations

import threading
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from fuhui.registry.accounts import actions
from fuhui.registry.accounts.models import RoleGrant
from fuhui.registry.places.tests.test_races import in_threads
from fuhui.registry.places.tests.world import account, install, open_community
from fuhui.shared.errors import RuleBroken
from fuhui.shared.viewers import Role

_WITHOUT = "ALTER TABLE accounts_rolegrant DISABLE TRIGGER {}"


def _end_both_at_once() -> list[str]:
    grants = list(RoleGrant.objects.filter(role=Role.OPERATOR).values_list("pk", flat=True))
    done: list[str] = []
    start = threading.Barrier(2)

    def end(grant_id: UUID) -> None:
        by = install()
        start.wait()
        try:
            actions.end_grant(by=by, grant_id=grant_id)
            done.append("ended")
        except RuleBroken:
            done.append("refused")

    in_threads(lambda: end(grants[0]), lambda: end(grants[1]))
    return sorted(done)


def test_two_operators_who_remove_each_other_at_once_leave_one(fresh_database: str) -> None:
    for name in ("root", "second"):
        account(name, Role.OPERATOR)
    assert _end_both_at_once() == ["ended", "refused"]


def test_without_the_trigger_both_would_be_gone(fresh_database: str) -> None:
    from django.db import connections

    for name in ("root", "second"):
        account(name, Role.OPERATOR)
    with connections["owner"].cursor() as cursor:
        cursor.execute(_WITHOUT.format("accounts_operator_changed"))
    connections["owner"].close()
    assert _end_both_at_once() == ["ended", "ended"]


def _install_twenty_times() -> list[str]:
    done: list[str] = []
    start = threading.Barrier(20)

    def install_by(number: int) -> None:
        by = install()
        start.wait()
        try:
            actions.create_operator(by=by, username=f"root{number}", display_name="管理员")
            done.append("made")
        except RuleBroken as error:
            done.append(error.code)

    in_threads(*(partial(install_by, number) for number in range(20)))
    return sorted(done)


def test_twenty_who_install_at_once_make_one_first_operator(fresh_database: str) -> None:
    assert _install_twenty_times() == ["made", *["operator_exists"] * 19]


def test_without_the_lock_there_would_be_several_first_operators(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "take_turn", lambda *names: None)
    assert _install_twenty_times().count("made") > 1


def test_a_role_given_twice_at_once_is_given_once(fresh_database: str) -> None:
    community = open_community()
    zhao = account("zhao")
    done: list[str] = []
    start = threading.Barrier(2)

    def give() -> None:
        by = install(community.id)
        start.wait()
        try:
            actions.grant_role(by=by, account_id=zhao.id, role=Role.VOLUNTEER, community_id=community.id)
            done.append("given")
        except RuleBroken:
            done.append("refused")

    in_threads(give, give)
    assert sorted(done) == ["given", "refused"]


def test_a_password_tried_again_and_again_is_stopped_in_every_process(fresh_database: str) -> None:
    account("zhao", Role.OPERATOR)

    def attempt(password: str) -> str:
        page = Client().post("/accounts/login/", {"login": "zhao", "password": password})
        return "in" if page.status_code == 302 else "stopped" if "输错次数太多" in page.content.decode() else "wrong"

    assert [attempt("wrong-password") for _ in range(5)] == ["wrong"] * 5
    assert attempt("wrong-password") == "stopped"
    assert attempt("yangliu-2026") == "stopped", "the right password is not found out by going on"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM fuhui_cache")
        assert cursor.fetchone()[0] > 0, "counted where every process looks"
