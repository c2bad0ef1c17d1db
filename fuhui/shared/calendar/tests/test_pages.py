from __future__ import annotations

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from fuhui.shared.calendar import queries
from fuhui.shared.calendar.web import pages
from fuhui.shared.identifiers import new_id
from fuhui.shared.jobs.tests.support import viewer_as
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import VISITOR, Role, Viewer

FANG = viewer_as(Role.OPERATOR, new_id())


@pytest.fixture(autouse=True)
def forget(db: None) -> None:
    queries.forget_calendar()


def get(viewer: Viewer, address: str = "/calendar/?year=2026") -> str:
    return shown(pages.year, RequestFactory().get(address), viewer).content.decode()


def post(view: object, **fields: str) -> HttpResponse:
    request = RequestFactory().post("/calendar/days", fields)
    return shown(view, request, FANG)


def shown(view: object, request: HttpRequest, viewer: Viewer) -> HttpResponse:
    from django.contrib.messages.storage.fallback import FallbackStorage

    request.viewer = viewer  # type: ignore[attr-defined]
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    with acting(viewer):
        return view(request)  # type: ignore[operator, no-any-return]


def test_everybody_reads_the_year_and_only_fang_the_operator_edits_it() -> None:
    for viewer in (VISITOR, FANG):
        page = get(viewer)
        assert "1月1日 周四 至 1月2日 周五" in page
        assert "2月14日 周六" in page
    assert "录入全国放假或调休" in get(FANG)
    assert "录入全国放假或调休" not in get(VISITOR)


def test_in_november_fang_is_asked_for_next_years_table_and_enters_it() -> None:
    with time_machine.travel("2026-11-20 09:00:00+08:00"):
        assert "2027年放假安排未录入" in get(FANG)
        assert post(pages.enter_days, first="2027-02-05", last="2027-02-11", kind="off", name="春节").status_code == 302
        assert post(pages.publish, year="2027", published="yes").status_code == 302
        page = get(FANG, "/calendar/?year=2027")
    assert "2027年放假安排未录入" not in page
    assert "2月5日 周五" in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"first": "gestern", "kind": "off"}, "例如 2027-01-01"),
     ({"first": "2027-01-02", "last": "2027-01-01", "kind": "off"}, "早于"),
     ({"first": "2027-01-01"}, "请选择放假"), ({"first": "0001-01-01", "kind": "off"}, "年份应在")],
)
def test_a_form_with_an_error_comes_back_as_it_was(fields: dict[str, str], says: str) -> None:
    answer = post(pages.enter_days, name="元旦", **fields)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "元旦" in answer.content.decode()
