"""Two at once: the database decides, and with its constraint taken away the race is real."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from fuhui.registry.people import actions
from fuhui.registry.people.importing import later
from fuhui.registry.people.models import Person
from fuhui.registry.people.queries import duplicates
from fuhui.registry.people.tests.world import World, community, entry, id_number, workbook
from fuhui.shared.errors import PeopleError
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer


def _at_once(*works: Callable[[], Any]) -> list[Any]:
    """Runs the works in threads with own connections, begun together; errors are answers too."""
    start, answers = Barrier(len(works)), list[Any](works)

    def run(place: int) -> None:
        start.wait()
        try:
            answers[place] = works[place]()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _as(viewer: Viewer, work: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with acting(viewer):
            return work()

    return run


def _owner(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def here(fresh_database: str) -> World:
    return community()


def _register(here: World, chen: Viewer, name: str) -> Callable[[], Any]:
    return _as(
        chen,
        lambda: actions.register_person(
            by=chen, community_id=here.id, entry=entry(name, id_number=id_number(2)), accept_duplicates=True
        ),
    )


def test_two_register_the_same_number_and_one_wins(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.registering, "possible_duplicates", lambda *_, **__: [])
    chen = here.staff()
    answers = _at_once(*[_register(here, chen, name) for name in ("王秀英", "王秀瑛", "王英")])
    assert Person.objects.count() == 1
    losers = [one for one in answers if isinstance(one, Exception)]
    assert [getattr(one, "code", one) for one in losers] == ["duplicate", "duplicate"]


def test_without_the_constraint_both_get_in(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _owner("DROP INDEX people_person_id_once")
    monkeypatch.setattr(actions.registering, "possible_duplicates", lambda *_, **__: [])
    chen = here.staff()
    _at_once(*[_register(here, chen, name) for name in ("王秀英", "王秀瑛")])
    assert Person.objects.count() == 2
    assert duplicates.SAME_ID == 100


def _merge(chen: Viewer, keep: UUID, merge: UUID) -> Callable[[], Any]:
    return _as(chen, lambda: actions.merge_people(by=chen, keep=keep, merge=merge, reason="入户核实"))


def _pair(here: World, chen: Viewer) -> tuple[UUID, UUID]:
    with acting(chen):
        return tuple(
            actions.register_person(  # type: ignore[return-value]
                by=chen, community_id=here.id, entry=entry(name)
            ).pk
            for name in ("王秀英", "王秀瑛")
        )


def test_merging_a_into_b_and_b_into_a_at_once_merges_once(here: World) -> None:
    chen = here.staff()
    first, second = _pair(here, chen)
    answers = _at_once(_merge(chen, first, second), _merge(chen, second, first))
    assert sum(isinstance(one, PeopleError) for one in answers) == 1, answers
    assert Person.objects.filter(status="merged").count() == 1


_RAW = "UPDATE people_person SET status = 'merged', merged_into_id = %s WHERE id = %s"


def _raw_merge(chen: Viewer, keep: UUID, merge: UUID) -> Callable[[], Any]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_RAW, [keep, merge])

    return _as(chen, run)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_the_database_itself_refuses_a_ring(here: World, is_guarded: bool) -> None:
    chen = here.staff()
    first, second = _pair(here, chen)
    if not is_guarded:
        _owner("DROP TRIGGER people_merge_ends ON people_person")
    _at_once(_raw_merge(chen, first, second), _raw_merge(chen, second, first))
    assert Person.objects.filter(status="merged").count() == (1 if is_guarded else 2)


def test_undoing_twice_at_once_undoes_once(
    here: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for name in ("check", "run", "undo"):
        monkeypatch.setitem(later._known, name, lambda community, batch: None)
    chen = here.staff()
    with acting(chen):
        batch = actions.upload_list(
            by=chen,
            community_id=here.id,
            file_name="a.xlsx",
            chunks=[workbook(("姓名", "身份证号"), ("王秀英", id_number(2)))],
        )
        actions.map_import(by=chen, batch_id=batch.pk, mapping={0: "name", 1: "id_number"})
        actions.check_import(by=chen, batch_id=batch.pk)
    starts = _at_once(*[_as(chen, lambda: actions.start_import(by=chen, batch_id=batch.pk))] * 2)
    assert sum(isinstance(one, PeopleError) for one in starts) == 1
    runs = _at_once(*[_as(chen, lambda: actions.run_import(by=chen, batch_id=batch.pk))] * 2)
    assert [getattr(one, "state", one) for one in runs] == ["done", "done"]
    assert Person.objects.count() == 1
    assert list(tmp_path.rglob("imports/*/*")) == []  # the uploaded list is gone once it is in
    undos = _at_once(*[_as(chen, lambda: actions.start_undo(by=chen, batch_id=batch.pk))] * 2)
    assert sum(isinstance(one, PeopleError) for one in undos) == 1
    done = _at_once(*[_as(chen, lambda: actions.undo_import(by=chen, batch_id=batch.pk))] * 2)
    assert [getattr(one, "state", one) for one in done] == ["undone", "undone"]
    assert Person.objects.count() == 0
