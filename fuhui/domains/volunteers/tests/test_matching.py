"""林晓 is shown what suits her, and told why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fuhui.domains.volunteers.actions.calls import cancel_shift
from fuhui.domains.volunteers.actions.signing_up import sign_up, withdraw
from fuhui.domains.volunteers.models import Volunteer
from fuhui.domains.volunteers.queries.opportunities import Opportunity, opportunities, sign_ups_around
from fuhui.domains.volunteers.rules.matching import Opening, Wishes, match, times_of
from fuhui.domains.volunteers.rules.signing_up import ZONE
from fuhui.domains.volunteers.tests.conftest import People, called, registered
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

SATURDAY = datetime(2026, 12, 5, 9, tzinfo=ZONE)


def opening(**more: Any) -> Opening:
    """Saturday from nine to eleven."""
    facts: dict[str, Any] = {"starts_at": SATURDAY, "ends_at": SATURDAY + timedelta(hours=2), "free": 3,
                             "words": "陪诊 陪老人看病"}
    return Opening(**(facts | more))


def test_the_reason_says_time_and_skill() -> None:
    wishes = Wishes(skills=["care"], free_times=["6_am"])
    assert match(wishes, opening(skill="care")).reason == "周六上午您有空，需要陪伴照护"
    assert match(wishes, opening()).reason == "周六上午您有空"
    assert match(wishes, opening(skill="legal", starts_at=SATURDAY + timedelta(hours=4),
                                 ends_at=SATURDAY + timedelta(hours=5))) == match(Wishes(), opening())
    assert match(Wishes(), opening()).reason == "还缺 3 人"


def test_a_long_shift_suits_only_who_is_free_all_the_time() -> None:
    long = opening(ends_at=SATURDAY + timedelta(hours=5))
    assert times_of(long.starts_at, long.ends_at) == ["6_am", "6_pm"]
    assert match(Wishes(free_times=["6_am"]), long).score == 0
    assert match(Wishes(free_times=["6_am", "6_pm"]), long).reason == "周六上午和下午您有空"
    assert times_of(SATURDAY, SATURDAY + timedelta(hours=3)) == ["6_am"]


def test_team_neighbourhood_and_interest_count() -> None:
    team = uuid4()
    wishes = Wishes(near=["3网格"], interests="养花，看病", teams=frozenset({team}))
    found = match(wishes, opening(team=team, team_name="彩虹队", place="3网格活动室"))
    assert found.reason == "您的队伍彩虹队发起，就在您住的3网格，您喜欢看病"
    assert match(wishes, opening(place="13网格活动室", words="扫雪")).score == 0
    assert match(Wishes(interests="看"), opening()).score == 0


def offered(one: Volunteer) -> list[Opportunity]:
    """What a volunteer's page offers."""
    return opportunities(one, one.joinings.all(), sign_ups_around(one, timezone.now()), timezone.now())


@pytest.mark.django_db
def test_only_shifts_that_she_can_still_take_are_offered(people: People, chen: Viewer) -> None:
    lin = registered(people, people.lin, free_times=["1_am", "2_am", "3_am", "4_am", "5_am", "6_am", "7_am"])
    suits, = called(people, (9, 10), title="陪聊")
    late, = called(people, (15, 16), title="扫楼道")
    called(people, (9, 10), title="法律咨询", skill="legal")
    called(people, (9, 10), title="队内", team=people.rainbow, team_only=True)
    off, back, full = (called(people, (9, 10), title=title, days=5, capacity=1)[0] for title in ("取消", "退过", "满"))
    other = registered(people, people.zhou)
    with acting(system("tests", people.community.id)) as by:
        cancel_shift(by=by, shift_id=off.pk, why="下雨")
        withdraw(by=by, sign_up_id=sign_up(by=by, shift_id=back.pk, volunteer_id=lin.pk).pk, why="有事")
        sign_up(by=by, shift_id=full.pk, volunteer_id=other.pk)
        found = offered(lin)
        assert [one.shift.pk for one in found] == [suits.pk, late.pk]
        assert "上午您有空" in found[0].match.reason
        sign_up(by=by, shift_id=suits.pk, volunteer_id=lin.pk)
        assert [one.shift.pk for one in offered(lin)] == [late.pk]


@pytest.mark.django_db
def test_her_page_shows_five_and_its_statements_do_not_grow(people: People, lin: Viewer, signed_in: Any) -> None:
    registered(people, people.lin, skills=["care"])
    for number in range(12):
        called(people, (9, 10), title=f"陪诊{number}", skill="care", days=2 + number)
    hers = signed_in(lin)
    hers.get("/volunteers/me/")
    with CaptureQueriesContext(connection) as asked:
        page = hers.get("/volunteers/me/").content.decode()
    assert "适合您的班次" in page
    assert page.count("需要陪伴照护") == 5
    said = [one["sql"] for one in asked if one["sql"].startswith("SELECT") and "set_config" not in one["sql"]]
    assert len(said) <= 12
