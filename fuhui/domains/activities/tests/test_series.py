"""A course on many days: the days of the rule, without holidays, and one tap for the whole series."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fuhui.domains.activities.actions.courses import approve_series, plan_series, publish_series
from fuhui.domains.activities.models import Activity
from fuhui.domains.activities.rules.activity import Plan
from fuhui.domains.activities.rules.series import MOST, Every, Repeat, occurrences
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.cases.tests.pages import words
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.ui.format import ZONE, local
from fuhui.shared.viewers import Viewer


def _plan(starts: datetime) -> Plan:
    return Plan(title="书法课", place="活动室", starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=20)


def _days(every: str, first: datetime, until: date, closed: frozenset[date] = frozenset()) -> list[str]:
    found = occurrences(_plan(first), Repeat(every, until), lambda day: day in closed)
    assert all((one.hour, one.minute, one.tzinfo) == (9, 30, ZONE) for one in found)
    return [f"{one:%m-%d}" for one in found]


def test_every_week_every_second_and_the_second_saturday_of_each_month() -> None:
    first = datetime(2026, 3, 14, 9, 30, tzinfo=ZONE)  # the second Saturday
    assert _days(Every.WEEK, first, date(2026, 4, 4)) == ["03-14", "03-21", "03-28", "04-04"]
    assert _days(Every.FORTNIGHT, first, date(2026, 4, 11)) == ["03-14", "03-28", "04-11"]
    assert _days(Every.MONTH, first, date(2026, 6, 30)) == ["03-14", "04-11", "05-09", "06-13"]
    closed = frozenset({date(2026, 3, 21)})
    assert _days(Every.WEEK, first, date(2026, 3, 28), closed) == ["03-14", "03-28"]


@pytest.mark.parametrize(("every", "until", "field"), [
    ("daily", date(2026, 5, 1), "every"), (Every.WEEK, date(2026, 3, 20), "until"),
    (Every.WEEK, date(2020, 1, 1), "until"), (Every.WEEK, date(2090, 1, 1), "until"),
])
def test_what_is_no_series_is_refused_with_the_field(every: str, until: date, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        occurrences(_plan(datetime(2026, 3, 14, 9, 30, tzinfo=ZONE)), Repeat(every, until), lambda day: False)
    assert caught.value.details["field"] == field
    assert MOST == 60


@pytest.mark.django_db
def test_a_weekday_course_leaves_out_the_national_holiday(town: Town) -> None:
    with at(datetime(2026, 9, 1, 8, tzinfo=ZONE)), acting(town.zhao):
        first = datetime(2026, 9, 24, 9, 30, tzinfo=ZONE)  # Thursdays; 1 October is a public holiday
        plan, key = _plan(first), new_id()
        rows = plan_series(by=town.zhao, community_id=town.place.id, plan=plan,
                           repeat=Repeat(Every.WEEK, date(2026, 10, 15)), request_key=key)
        assert [f"{local(row.starts_at):%m-%d %H:%M}" for row in rows] == ["09-24 09:30", "10-08 09:30", "10-15 09:30"]
        again = plan_series(by=town.zhao, community_id=town.place.id, plan=plan,
                            repeat=Repeat(Every.WEEK, date(2026, 10, 15)), request_key=key)
        assert [row.pk for row in again] == [row.pk for row in rows]


@pytest.mark.django_db
def test_a_series_is_approved_by_another_and_published_at_once(town: Town) -> None:
    starts = timezone.now() + timedelta(days=2)
    with acting(town.zhao):
        rows = plan_series(
            by=town.zhao, community_id=town.place.id, plan=_plan(starts), request_key=new_id(),
            repeat=Repeat(Every.WEEK, local(starts).date() + timedelta(days=21), skip_holidays=False),
        )
        with pytest.raises(NotAllowed):
            approve_series(by=town.zhao, activity_id=rows[0].pk)
    with acting(town.sun):
        assert approve_series(by=town.sun, activity_id=rows[2].pk) == 4
        assert publish_series(by=town.sun, activity_id=rows[1].pk) == 4
        with pytest.raises(RuleBroken):
            publish_series(by=town.sun, activity_id=rows[0].pk)
        assert set(Activity.objects.values_list("state", flat=True)) == {"published"}


@pytest.mark.django_db
def test_zhao_plans_a_course_on_the_page(town: Town, signed_in: Callable[[Viewer], Client]) -> None:
    starts = local(timezone.now() + timedelta(days=2)).replace(hour=9, minute=30)
    form = {
        "title": "书法课", "kind": "course", "place": "活动室", "capacity": "20", "service_code": "culture.all",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}", "ends_at": f"{starts + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "every": "week", "request_key": str(new_id()),
    }
    zhao = signed_in(town.zhao)
    missing = zhao.post("/activities/desk/new/", form)
    assert (missing.status_code, "重复到哪一天" in words(missing)) == (422, True)
    until = f"{starts + timedelta(days=15):%Y-%m-%d}"
    page = words(zhao.post("/activities/desk/new/", form | {"until": until}, follow=True))
    assert "登记好了 3 场" in page
    assert "还有 2 场" in page
    record = Activity.objects.order_by("starts_at")
    with acting(town.sun):
        first = record[0].pk
    assert "审批了 3 场" in words(signed_in(town.sun).post(
        f"/activities/desk/{first}/", {"do": "approve_series"}, follow=True))
