"""Two people at once: real connections, and a proof that the walls are what holds."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection

from fuhui.channels.chat import actions
from fuhui.channels.chat.actions import Pasted
from fuhui.channels.chat.models import ChatBatch, ChatMessage
from fuhui.channels.chat.tests.test_preview import TALK
from fuhui.domains.cases.models import Case
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import REGIONS, Place, make_account, make_community


@pytest.fixture
def town(fresh_database: str) -> Place:
    """福惠社区 in a database of its own, committed."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return make_community("370611001038", "福惠社区")


def at_once(times: int, work: Callable[[], Any]) -> list[Any]:
    """Runs the work in threads with connections of their own; the results, or what people were told."""
    barrier, results = Barrier(times), []

    def run() -> None:
        try:
            barrier.wait()
            results.append(work())
        except (PeopleError, IntegrityError) as error:
            results.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def reader(town: Place, name: str) -> Viewer:
    """A grid worker of grid 3."""
    return make_account(name, name, Role.GRID_WORKER, town, grid_id=town.grids[3])


def test_two_grid_workers_paste_the_same_talk_at_once_and_it_is_kept_once(town: Place) -> None:
    workers = [reader(town, "zhao"), reader(town, "qian")]

    def work() -> ChatBatch:
        who = workers.pop()
        with acting(who):
            return actions.read_batch(by=who, community_id=town.id, pasted=Pasted(TALK, grid_id=town.grids[3]))

    results = at_once(2, work)
    assert sorted(type(one).__name__ for one in results) == ["BadInput", "ChatBatch"]
    assert next(one for one in results if isinstance(one, BadInput)).code == "nothing_new"
    with acting(system("tests", town.id)):
        assert ChatMessage.objects.count() == 5


def test_two_grid_workers_press_make_at_once_and_the_cases_are_made_once(town: Place) -> None:
    zhao = reader(town, "zhao")
    with acting(zhao):
        batch = actions.read_batch(by=zhao, community_id=town.id, pasted=Pasted(TALK, grid_id=town.grids[3]))

    def work() -> int:
        with acting(zhao):
            return actions.make_cases(by=zhao, batch_id=batch.id, version=batch.version).made

    assert at_once(4, work) == [2, 2, 2, 2]
    with acting(system("tests", town.id)):
        assert Case.objects.count() == 2


def _insert_same(town: Place, batch_id: Any) -> None:
    with acting(system("tests", town.id)):
        position = ChatMessage.objects.count() + int.from_bytes(new_id().bytes[-2:], "big")
        ChatMessage.objects.create(
            community_id=town.id, batch_id=batch_id, position=position, fingerprint=b"same", sender="王阿姨",
            text="灯坏了", kind="report", confidence=0.9,
        )


@pytest.mark.parametrize(("is_walled", "kept"), [(True, 1), (False, 4)])
def test_the_constraint_is_what_keeps_a_message_from_being_stored_twice(
    town: Place, is_walled: bool, kept: int
) -> None:
    from django.db import connections

    zhao = reader(town, "zhao")
    with acting(zhao):
        batch = actions.read_batch(by=zhao, community_id=town.id, pasted=Pasted(TALK, grid_id=town.grids[3]))
    if not is_walled:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE chat_message DROP CONSTRAINT chat_message_once")
        connections["owner"].close()
    at_once(4, lambda: _insert_same(town, batch.id))
    with acting(system("tests", town.id)):
        assert ChatMessage.objects.filter(fingerprint=b"same").count() == kept
