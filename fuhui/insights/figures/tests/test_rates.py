"""Every figure opens as exactly the cases it counts."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import timezone

from fuhui.domains.cases.actions.closing import Judgement, call_back, pass_check
from fuhui.domains.cases.actions.handling import reply_to_resident, solve_case, take_case
from fuhui.domains.cases.actions.intake import CaseInput, submit_case
from fuhui.domains.cases.models import Case
from fuhui.insights.figures.queries import days_back, figures, figures_by_community, records_behind
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place, moment

pytestmark = pytest.mark.django_db


def enter(by: Viewer, community: Place, at: str) -> Case:
    with time_machine.travel(moment(at), tick=False), acting(by):
        return submit_case(by=by, community_id=community.id, matter=CaseInput(text="3号楼灯不亮", source="phone")).case


def work(by: Viewer, case: Case, at: str, *, solved: bool, satisfaction: str) -> None:
    with time_machine.travel(moment(at), tick=False), acting(by):
        take_case(by=by, case_id=case.id)
        reply_to_resident(by=by, case_id=case.id, note="马上去看")
        solve_case(by=by, case_id=case.id, note="换好了")
        pass_check(by=by, case_id=case.id)
        call_back(by=by, case_id=case.id, judgement=Judgement(is_solved=solved, satisfaction=satisfaction))


@pytest.fixture
def march(community: Place, chen: Viewer) -> None:
    """One good case, one answered late and not satisfied, one overdue and open, one fresh."""
    work(chen, enter(chen, community, "2026-03-09 09:00"), "2026-03-09 10:00", solved=True, satisfaction="very")
    work(chen, enter(chen, community, "2026-03-09 09:10"), "2026-03-09 16:00", solved=False, satisfaction="not")
    enter(chen, community, "2026-03-02 09:00")
    enter(chen, community, "2026-03-13 16:50")


def test_what_is_overdue_and_open_counts_against_every_rate(community: Place, chen: Viewer, march: None) -> None:
    with acting(chen):
        found = figures(chen, [community.id], days_back(moment("2026-03-13 17:00"), 30))
    assert [(one.rate.numerator, one.rate.denominator) for one in found] == [(1, 3), (1, 3), (1, 3)]


def test_each_figure_is_as_long_as_its_list(community: Place, chen: Viewer, march: None) -> None:
    period = days_back(moment("2026-03-13 17:00"), 30)
    with acting(chen):
        for one in figures(chen, [community.id], period):
            for part, number in (("numerator", one.rate.numerator), ("denominator", one.rate.denominator)):
                assert len(records_behind(chen, [community.id], period, one.key, part)) == number


def test_a_street_officers_figures_are_those_of_each_community(
    community: Place, neighbour: Place, chen: Viewer, liu: Viewer, march: None
) -> None:
    period = days_back(moment("2026-03-13 17:00"), 30)
    with acting(liu):
        found = figures_by_community(liu, [community.id, neighbour.id], period)
    assert [one.percent for one in found[community.id]] == ["33.3", "33.3", "33.3"]
    assert neighbour.id not in found


def test_nothing_to_judge_is_a_dash_not_a_hundred(community: Place, chen: Viewer) -> None:
    with acting(chen):
        assert [one.percent for one in figures(chen, [community.id], days_back(timezone.now(), 30))] == ["—"] * 3
