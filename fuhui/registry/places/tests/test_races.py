"""With real commits and real threads: what holds when two act at once, and how quick a warm look-up is."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fuhui.registry.places import actions
from fuhui.registry.places.queries import locate
from fuhui.registry.places.tests.world import grid, open_community
from fuhui.shared.errors import RuleBroken
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import system

# The module; the package's name of the same spelling is its function.
_held: Any = sys.modules[locate.__module__]


def in_threads(*works: Callable[[], None]) -> None:
    """Runs the works at once, each on a connection of its own."""
    def run(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_finding_a_door_is_quick_once_warm(fresh_database: str) -> None:
    community = open_community()
    by = system("t", community.id)
    one = grid(community)
    for number in range(1, 40):
        block = actions.save_building(by=by, community_id=community.id, grid_id=one.id, name=f"{number}号楼")
        actions.homes_create(by=by, community_id=community.id, doors=[(block.id, "1", str(r)) for r in range(101, 150)])
    locate(community.id, building="3号楼", unit="1", room="101")
    begin = time.perf_counter()
    for _ in range(500):
        locate(community.id, building="3号楼", unit="1单元", room="101")
    assert (time.perf_counter() - begin) / 500 <= 0.0002


def test_another_process_notices_a_new_building_within_a_minute(fresh_database: str) -> None:
    community = open_community()
    by = system("t", community.id)
    one = grid(community)
    assert locate(community.id, building="8号楼").building_id is None
    before = _held._atlases[community.id]

    def elsewhere() -> None:
        scope.enter(by)
        actions.save_building(by=by, community_id=community.id, grid_id=one.id, name="8号楼")

    in_threads(elsewhere)
    _as_another_process_held_it(community.id, before, seconds=1)
    assert locate(community.id, building="8号楼").building_id is None, "still inside the minute"
    _as_another_process_held_it(community.id, before, seconds=61)
    assert locate(community.id, building="8号楼").building_id is not None


def _as_another_process_held_it(community_id: UUID, atlas: Any, *, seconds: float) -> None:
    atlas.checked = time.monotonic() - seconds
    _held._atlases[community_id] = atlas


def test_a_building_that_was_rolled_back_leaves_no_trace(fresh_database: str) -> None:
    community = open_community()
    by = system("t", community.id)
    one = grid(community)
    with transaction.atomic():
        actions.save_building(by=by, community_id=community.id, grid_id=one.id, name="9号楼")
        assert locate(community.id, building="9号楼").building_id is not None
        transaction.set_rollback(True)
    scope.enter(by)
    assert locate(community.id, building="9号楼").building_id is None


def test_two_who_save_the_same_grid_number_at_once_leave_one_grid(fresh_database: str) -> None:
    community = open_community()
    by = system("race", community.id)
    done: list[str] = []
    start = threading.Barrier(2)

    def save(name: str) -> None:
        scope.enter(by)
        start.wait()
        try:
            actions.save_grid(by=by, community_id=community.id, number=7, name=name)
            done.append("saved")
        except RuleBroken:
            done.append("refused")

    in_threads(lambda: save("甲"), lambda: save("乙"))
    assert sorted(done) == ["refused", "saved"]
