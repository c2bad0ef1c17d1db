"""When a case is due, and how a person is told."""

from __future__ import annotations

import pytest
import time_machine

from fuhui.domains.cases.actions.handling import ask_resident, take_case
from fuhui.domains.cases.actions.time import resident_answers
from fuhui.domains.cases.jobs import archive_ended, remind
from fuhui.domains.cases.models import Case
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.ui.format import when
from fuhui.shared.viewers import Viewer, system
from tests.personas import Place, moment

from .conftest import Enter

pytestmark = pytest.mark.django_db
LAMP = "3号楼2单元楼道灯不亮了"


def test_five_working_days_over_new_year_skip_the_holiday(entered: Enter, zhao: Viewer) -> None:
    # 2026-02-15 to 02-23 is the Spring Festival; 02-14 and 02-28 are worked instead (published table).
    case = entered(zhao, LAMP, received_at=moment("2026-02-13 09:00"))
    assert when(case.close_due_at, moment("2026-02-13 09:00")) == "2月27日 周五 17:30"


def test_the_timeline_explains_every_stretch(entered: Enter, zhao: Viewer) -> None:
    case = entered(zhao, LAMP, received_at=moment("2026-03-06 16:30"))
    words = [part[3] for part in case.reckoning["reply"]["timeline"]]
    assert case.reply_due_at == moment("2026-03-09 09:30")
    assert any("16:30–17:30 计 60 分钟" in word for word in words)
    assert any("周末" in word for word in words)
    assert sum(part[2] for part in case.reckoning["reply"]["timeline"]) == 120


def test_a_date_in_a_year_without_published_days_off_says_so_and_does_not_fail(entered: Enter, zhao: Viewer) -> None:
    case = entered(zhao, LAMP, received_at=moment("2026-12-30 16:00"))
    assert case.close_due_at.year == 2027
    assert any("2027" in warning for warning in case.reckoning["close"]["warnings"])


def test_danger_runs_on_a_continuous_clock(entered: Enter, zhao: Viewer) -> None:
    case = entered(zhao, "5号楼着火了，楼道全是烟，快来人", received_at=moment("2026-03-07 23:50"))
    assert (case.priority, case.pace) == ("urgent", "continuous")
    assert case.reply_due_at == moment("2026-03-08 00:05")


def test_the_clock_stands_still_while_we_wait_for_the_resident(entered: Enter, zhao: Viewer) -> None:
    with time_machine.travel(moment("2026-03-09 09:00"), tick=False):
        case = entered(zhao, LAMP)
        before = case.close_due_at
        with acting(zhao):
            take_case(by=zhao, case_id=case.id)
            ask_resident(by=zhao, case_id=case.id, note="请问几楼？")
    with time_machine.travel(moment("2026-03-11 09:00"), tick=False), acting(zhao):
        after = resident_answers(by=zhao, case_id=case.id, note="二楼").close_due_at
    assert before == moment("2026-03-16 17:30")
    # The day of receipt never counts; the 10th was spent waiting as a whole; the 11th counts as the first.
    assert after == moment("2026-03-17 17:30")


def test_due_soon_and_overdue_reach_the_right_people_once(
    community: Place, entered: Enter, zhao: Viewer, chen: Viewer
) -> None:
    case = entered(zhao, LAMP, received_at=moment("2026-03-09 08:30"))
    job = system("cases.watch_clocks", community.id)
    with acting(job):
        for clock in ("2026-03-09 09:30", "2026-03-09 09:35"):
            remind(community.id, now=moment(clock))
        assert titles(case) == [("快到期：首次答复", zhao.account_id)]
        for clock in ("2026-03-09 11:00", "2026-03-09 11:05"):
            remind(community.id, now=moment(clock))
        assert titles(case)[1:] == [("已超期：首次答复", zhao.account_id), ("已超期：首次答复", chen.account_id)]


def titles(case: Case) -> list[tuple[str, object]]:
    rows = Message.objects.filter(body__contains=case.number).order_by("id")
    return [(row.title, row.to_account) for row in rows]


def test_ended_cases_are_filed_after_sixty_days(community: Place, entered: Enter, zhao: Viewer) -> None:
    from fuhui.domains.cases.actions.closing import answer_now

    case = entered(zhao, "请问高龄津贴怎么办")
    with acting(zhao):
        ended = answer_now(by=zhao, case_id=case.id, note="手机刷脸即可").ended_at
    assert ended
    with acting(system("cases.archive", community.id)):
        assert archive_ended(community.id, now=ended) == 0
        assert archive_ended(community.id, now=ended.replace(year=ended.year + 1)) == 1
        assert Case.objects.get(pk=case.pk).state == "archived"
