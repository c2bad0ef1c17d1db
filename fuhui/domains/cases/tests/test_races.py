"""What must never break holds when two people press at once; each control shows that the race is real."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from fuhui.domains.cases.actions.handling import object_to_case, solve_case, take_case
from fuhui.domains.cases.actions.intake import CaseInput, submit_case
from fuhui.domains.cases.actions.merging import merge_case
from fuhui.domains.cases.actions.time import request_extension
from fuhui.domains.cases.events import CaseReceived
from fuhui.domains.cases.models import Case, CaseHandler, CaseObjection
from fuhui.shared import events
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import REGIONS, Place, make_account, make_community
from tests.racing import as_owner, count, failures, race

PARALLEL = 20


@pytest.fixture
def town(fresh_database: str) -> Place:
    """福惠社区 in a database of its own, committed."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    return make_community("370611001038", "福惠社区")


@pytest.fixture
def zhang(town: Place) -> Viewer:
    """Zhang of the community's staff."""
    return make_account("zhang", "张强", Role.COMMUNITY_STAFF, town)


@pytest.fixture
def wu(town: Place) -> Viewer:
    """Wu of the community's staff."""
    return make_account("wu", "吴芳", Role.COMMUNITY_STAFF, town)


def enter(by: Viewer, town: Place, text: str = "3号楼楼道灯不亮", key: str = "") -> Case:
    with acting(by):
        return submit_case(
            by=by, community_id=town.id, matter=CaseInput(text=text, source="phone", request_key=key)
        ).case


def test_twenty_clicks_on_one_form_make_one_case(town: Place, zhang: Viewer) -> None:
    results = race(*[(zhang, lambda: enter(zhang, town, key="one")) for _ in range(PARALLEL)])
    assert not failures(results)
    assert len({case.id for case in results}) == 1


def test_a_case_comes_with_its_entry_in_the_trail_or_not_at_all(
    town: Place, zhang: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls_over(event: CaseReceived) -> None:
        raise RuntimeError

    monkeypatch.setitem(events._reactions, CaseReceived, [falls_over])
    with pytest.raises(RuntimeError):
        enter(zhang, town)
    monkeypatch.undo()
    with acting(zhang):
        assert count("SELECT count(*) FROM cases_case") == 0
        assert count("SELECT count(*) FROM audit_entry WHERE action = 'cases.submit'") == 0
    enter(zhang, town)
    with acting(zhang):
        assert count("SELECT count(*) FROM cases_case") == 1
        assert count("SELECT count(*) FROM audit_entry WHERE action = 'cases.submit' AND hash IS NOT NULL") == 1


def test_without_the_constraint_the_same_key_would_enter_twice(town: Place, zhang: Viewer) -> None:
    with as_owner() as cursor:
        cursor.execute("DROP INDEX cases_case_request_once")
    first = enter(zhang, town)
    with acting(zhang):
        Case.objects.filter(pk=first.pk).update(request_key="one")
        Case.objects.filter(pk=enter(zhang, town).pk).update(request_key="one")
        assert count("SELECT count(*) FROM cases_case WHERE request_key = 'one'") == 2


def test_two_people_take_one_case_and_one_of_them_leads(town: Place, zhang: Viewer, wu: Viewer) -> None:
    case = enter(zhang, town)
    results = race(
        (zhang, lambda: take_case(by=zhang, case_id=case.id)), (wu, lambda: take_case(by=wu, case_id=case.id))
    )
    assert len(failures(results)) == 1
    with acting(zhang):
        assert CaseHandler.objects.filter(case=case, role="lead", until=None).count() == 1


def lead_rows(town: Place, case: Case, viewer: Viewer) -> Any:
    """Writes a live lead without the action's lock, as a careless program would."""

    def write() -> None:
        with transaction.atomic():
            CaseHandler.objects.create(
                community_id=town.id,
                case=case,
                role="lead",
                account_id=viewer.account_id,
                name=viewer.name,
                since=timezone.now(),
            )

    return write


def test_the_database_refuses_a_second_lead_however_it_is_written(town: Place, zhang: Viewer, wu: Viewer) -> None:
    case = enter(zhang, town)
    results = race((zhang, lead_rows(town, case, zhang)), (wu, lead_rows(town, case, wu)))
    assert len(failures(results)) == 1


def test_without_the_constraint_two_leads_would_stand(town: Place, zhang: Viewer, wu: Viewer) -> None:
    case = enter(zhang, town)
    with as_owner() as cursor:
        cursor.execute("DROP INDEX cases_handler_one_lead")
    assert not failures(race((zhang, lead_rows(town, case, zhang)), (wu, lead_rows(town, case, wu))))
    with acting(zhang):
        assert CaseHandler.objects.filter(case=case, role="lead", until=None).count() == 2


def test_two_cases_merged_into_each_other_leave_one_main(town: Place, zhang: Viewer, wu: Viewer) -> None:
    one, two = enter(zhang, town), enter(zhang, town, "5号楼井盖裂了")
    results = race(
        (zhang, lambda: merge_case(by=zhang, case_id=one.id, main_id=two.id)),
        (wu, lambda: merge_case(by=wu, case_id=two.id, main_id=one.id)),
    )
    assert len(failures(results)) == 1
    with acting(zhang):
        assert Case.objects.filter(state="merged").count() == 1


def raw_merge(case: UUID, main: UUID, line: threading.Barrier | None = None) -> Any:
    """Points a case to a main one without the action's locks."""

    def write() -> None:
        with transaction.atomic():
            Case.objects.filter(pk=case).update(main_case=main, state="merged", ended_at=timezone.now())
            if line:
                line.wait(20)

    return write


def test_the_database_refuses_a_ring_of_merges(town: Place, zhang: Viewer, wu: Viewer) -> None:
    one, two = enter(zhang, town), enter(zhang, town, "5号楼井盖裂了")
    results = race((zhang, raw_merge(one.id, two.id)), (wu, raw_merge(two.id, one.id)))
    assert len(failures(results)) >= 1
    with acting(zhang):
        assert Case.objects.filter(state="merged").count() <= 1


def test_without_the_trigger_the_ring_would_close(town: Place, zhang: Viewer, wu: Viewer) -> None:
    one, two = enter(zhang, town), enter(zhang, town, "5号楼井盖裂了")
    with as_owner() as cursor:
        cursor.execute("DROP TRIGGER cases_keep_merges_flat ON cases_case")
    line = threading.Barrier(2)
    assert not failures(race((zhang, raw_merge(one.id, two.id, line)), (wu, raw_merge(two.id, one.id, line))))
    with acting(zhang):
        assert Case.objects.filter(state="merged").count() == 2


def test_an_extension_asked_twenty_times_is_asked_once(town: Place, zhang: Viewer) -> None:
    case = enter(zhang, town)
    with acting(zhang):
        take_case(by=zhang, case_id=case.id)
    ask = [
        (zhang, lambda: request_extension(by=zhang, case_id=case.id, days=2, note="等配件")) for _ in range(PARALLEL)
    ]
    assert len(failures(race(*ask))) == PARALLEL - 1


def objection(town: Place, case: Case) -> Any:
    """Writes an objection without the action's lock."""

    def write() -> None:
        with transaction.atomic():
            CaseObjection.objects.create(
                id=new_id(), community_id=town.id, case=case, reason="不归我", actor="x", at=timezone.now()
            )

    return write


def test_a_case_is_objected_to_once_even_at_the_same_moment(town: Place, zhang: Viewer) -> None:
    case = enter(zhang, town)
    with acting(zhang):
        take_case(by=zhang, case_id=case.id)
    push = [(zhang, lambda: object_to_case(by=zhang, case_id=case.id, note="不归我")) for _ in range(4)]
    assert len(failures(race(*push))) == 3
    assert len(failures(race((zhang, objection(town, case)), (zhang, objection(town, case))))) == 2


def test_without_the_constraint_a_second_objection_would_stand(town: Place, zhang: Viewer) -> None:
    case = enter(zhang, town)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE cases_caseobjection DROP CONSTRAINT cases_objection_once")
    assert not failures(race((zhang, objection(town, case)), (zhang, objection(town, case))))


def test_ten_people_solving_at_once_solve_once(town: Place, zhang: Viewer) -> None:
    case = enter(zhang, town)
    with acting(zhang):
        take_case(by=zhang, case_id=case.id)
    solve = [(zhang, lambda: solve_case(by=zhang, case_id=case.id, note="好了")) for _ in range(10)]
    assert len(failures(race(*solve))) == 9
    with acting(zhang):
        assert case.steps.filter(step="solve").count() == 1


def test_history_cannot_be_changed_or_taken_away(town: Place, zhang: Viewer) -> None:
    case = enter(zhang, town)
    with acting(zhang):
        for forge in (lambda: case.steps.update(note="改过"), lambda: case.steps.all().delete()):
            with pytest.raises(Exception, match="append-only"), transaction.atomic():
                forge()
