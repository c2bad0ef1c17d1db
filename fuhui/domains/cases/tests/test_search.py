"""The search finds every case that holds the words, newest first, however long ago it came in."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

import pytest

from fuhui.domains.cases.models import Case
from fuhui.domains.cases.queries.queue import QueueFilter, queue
from fuhui.domains.cases.queries.search import search_ids
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system
from tests.personas import Place

from .conftest import Enter

pytestmark = pytest.mark.django_db


def _days_ago(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Ids are made as they were made that many days ago."""

    def made() -> UUID:
        milliseconds = time.time_ns() // 1_000_000 - days * 24 * 3600 * 1000
        return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))

    monkeypatch.setattr("fuhui.shared.identifiers.uuid_utils.uuid7", made)


def _found(community: Place, words: str, limit: int = 200) -> list[UUID]:
    with acting(system("tests", community.id)):
        return search_ids(words, limit)


def test_chen_finds_a_lamp_of_last_month_of_last_year_and_of_five_years_ago_in_that_order(
    community: Place, entered: Enter, zhao: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps: list[Case] = []
    for days in (1900, 400, 182, 91, 30, 0):
        with monkeypatch.context() as past:
            _days_ago(past, days)
            lamps.append(entered(zhao, f"{days % 40 + 1}号楼楼道灯不亮"))
            entered(zhao, f"{days % 40 + 1}号楼下水道堵了")
    assert _found(community, "楼道灯") == [one.id for one in reversed(lamps)]
    assert _found(community, "楼道灯", limit=4) == [one.id for one in reversed(lamps[2:])]
    assert _found(community, "楼道灯", limit=2) == [one.id for one in reversed(lamps[4:])]


def test_what_only_stands_in_an_old_case_is_found(
    community: Place, entered: Enter, zhao: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as past:
        _days_ago(past, 700)
        old = entered(zhao, "5号楼天台鸽子棚味道大")
    entered(zhao, "5号楼天台门坏了")
    assert _found(community, "鸽子棚") == [old.id]
    assert _found(community, "鸽子棚 天台") == [old.id]


def test_a_case_keeps_its_place_in_the_search_after_its_title_is_corrected(
    community: Place, entered: Enter, zhao: Viewer, chen: Viewer
) -> None:
    from fuhui.domains.cases.actions.details import correct_case

    case = entered(zhao, "东门路灯不亮")
    with acting(chen):
        correct_case(by=chen, case_id=case.id, title="西门路灯不亮")
    assert _found(community, "西门路灯") == [case.id]


def test_words_are_not_read_as_the_language_of_the_index(community: Place, entered: Enter, zhao: Viewer) -> None:
    case = entered(zhao, "路灯不亮")
    for words in ("路灯 & !不亮", "路灯'", "路灯 | 水管", "~226", "'", "%L", "路灯:*"):
        assert _found(community, words) in ([], [case.id])
    assert _found(community, "路灯 水管") == []


def test_a_grid_worker_finds_the_few_of_her_own_grid_behind_the_many_of_others(
    community: Place, entered: Enter, zhao: Viewer, chen: Viewer
) -> None:
    """Chen sees all; the worker of another grid sees only what is there, however many newer ones are elsewhere."""
    hers = [entered(zhao, f"{number}号楼楼道灯不亮", grid=community.grids[3]) for number in (1, 2)]
    for number in range(3, 30):
        entered(chen, f"第{number}次说了，楼道灯不亮", grid=community.grids[5])
    with acting(zhao):
        seen = queue(zhao, QueueFilter(community_id=community.id, tab="all", words="楼道灯"), limit=2)
    assert [row["id"] for row in seen.rows] == [str(one.id) for one in reversed(hers)]


def test_chen_turns_the_pages_of_what_was_found_to_the_end(community: Place, entered: Enter, chen: Viewer) -> None:
    lamps = [str(entered(chen, f"{number}号楼楼道灯不亮").id) for number in range(1, 8)]
    seen: list[str] = []
    after = ""
    with acting(chen):
        while True:
            page = queue(chen, QueueFilter(community_id=community.id, tab="all", words="楼道灯"), after=after, limit=3)
            seen += [row["id"] for row in page.rows]
            after = page.next
            if not after:
                break
        due = queue(chen, QueueFilter(community_id=community.id, words="楼道灯"), limit=3)
        late = queue(chen, QueueFilter(community_id=community.id, words="楼道灯"), after=due.next, limit=9)
    assert seen == lamps[::-1]
    assert [row["id"] for row in (*due.rows, *late.rows)] == lamps
