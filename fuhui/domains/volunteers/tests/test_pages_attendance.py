"""The screen with the code, the tap, the list and the notice as people meet them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from fuhui.domains.volunteers.codes import code_at
from fuhui.domains.volunteers.models import Attendance, Shift, SignUp
from fuhui.domains.volunteers.tests.conftest import People
from fuhui.domains.volunteers.tests.test_attendance import at, place, shift, shown
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db
__all__ = ["place", "shift"]


def test_lin_taps_what_the_screen_shows_and_wu_approves(
    people: People, lin: Viewer, leader: Viewer, shift: Shift, place: SignUp, signed_in: Any
) -> None:
    begin = shift.starts_at
    with at(begin):
        screen = signed_in(leader).get(f"/volunteers/shifts/{shift.pk}/code/").content.decode()
        digits = re.search(r"\d{4} \d{4}", screen)
        assert digits
        assert digits[0].replace(" ", "") == code_at(shift.pk, begin).seal
        hers = signed_in(lin)
        page = hers.get(f"/volunteers/scan/{shown(shift, begin)}/").content.decode()
        assert "陪诊" in page
        key = re.search(r'name="client_uuid" value="([^"]+)"', page)
        assert key
        done = hers.post("/volunteers/scans/", {"code": shown(shift, begin), "client_uuid": key[1]})
        assert "签到成功" in done.content.decode()
        call = hers.get(f"/volunteers/calls/{shift.call_id}/").content.decode()
        assert f"/volunteers/shifts/{shift.pk}/door/" in call
    with at(shift.ends_at):
        door = hers.get(f"/volunteers/shifts/{shift.pk}/door/")
        assert door.status_code == 200
        typed = {"shift": str(shift.pk), "client_uuid": str(new_id())}
        wrong = hers.post("/volunteers/scans/", typed | {"digits": "00000000"})
        assert (wrong.status_code, "不是有效的签到码" in wrong.content.decode()) == (409, True)
        found = hers.post(
            "/volunteers/scans/",
            {**typed, "client_uuid": str(new_id()), "digits": code_at(shift.pk, shift.ends_at).seal,
             "at": shift.ends_at.isoformat()},
            headers={"Accept": "application/json"},
        )
        assert found.json()["outcome"] == "out"
    with at(shift.ends_at + timedelta(hours=1)):
        browser = signed_in(leader)
        address = f"/volunteers/shifts/{shift.pk}/attendance/"
        assert "认定时长" in browser.get(address).content.decode()
        with acting(leader):
            row = Attendance.objects.get()
        sent = {"attendance": str(row.pk), f"minutes-{row.pk}": "1800", "served": "3"}
        refused = browser.post(address, sent)
        assert (refused.status_code, "一天只有 24 小时" in refused.content.decode()) == (422, True)
        assert 'value="1800"' in refused.content.decode()
        assert "公示到" in browser.post(address, sent | {f"minutes-{row.pk}": "120"}, follow=True).content.decode()
        notice = signed_in(lin).get("/volunteers/notice/").content.decode()
        assert "林*" in notice
        assert "林晓" not in notice.partition("正在公示")[2]
        assert "认定公示中" in signed_in(lin).get("/volunteers/me/").content.decode()


def test_an_objection_and_its_answer_on_the_pages(
    people: People, lin: Viewer, leader: Viewer, chen: Viewer, wang: Viewer, shift: Shift, place: SignUp, signed_in: Any
) -> None:
    from fuhui.domains.volunteers.tests.test_attendance import approved, served

    row = served(lin, shift)
    approved(leader, shift, row, 120)
    with at(shift.ends_at + timedelta(hours=2)):
        address = f"/volunteers/notice/{row.pk}/"
        browser = signed_in(wang)
        assert browser.post(address, {"words": ""}).status_code == 422
        assert "异议已收到" in browser.post(address, {"words": "十点就走了"}, follow=True).content.decode()
        assert "十点就走了" not in browser.get("/volunteers/notice/").content.decode()
        desk = signed_in(chen)
        page = desk.get("/volunteers/notice/").content.decode()
        assert "十点就走了" in page
        item = re.search(r"/volunteers/answers/objection/([^/]+)/", page)
        assert item
        said = desk.post(f"/volunteers/answers/objection/{item[1]}/", {"yes": "0", "answer": "核实过"}, follow=True)
        assert "已答复" in said.content.decode()


def test_wu_notes_an_absence_and_lin_explains_it(
    people: People, lin: Viewer, leader: Viewer, shift: Shift, place: SignUp, signed_in: Any
) -> None:
    with at(shift.ends_at):
        browser = signed_in(leader)
        address = f"/volunteers/sign-ups/{place.pk}/hand/"
        assert "请写明情况" in browser.post(address, {"do": "absent", "why": ""}, follow=True).content.decode()
        noted = browser.post(address, {"do": "absent", "why": "电话没人接"}, follow=True)
        assert "电话没人接" in noted.content.decode()
        for time, words in (("25:99", "14:05"), ("03:00", "之内")):
            assert words in browser.post(address, {"do": "in", "time": time}, follow=True).content.decode()
        hers = signed_in(lin)
        with acting(lin):
            row = Attendance.objects.get()
        assert "电话没人接" in hers.get("/volunteers/me/").content.decode()
        sent = hers.post(f"/volunteers/attendances/{row.pk}/explain/", {"words": "发烧"}, follow=True)
        assert "说明已送到" in sent.content.decode()


def test_an_account_without_a_resident_is_told_whom_to_ask(shift: Shift, wang: Viewer, signed_in: Any) -> None:
    with at(shift.starts_at):
        page = signed_in(wang).post("/volunteers/scans/", {"code": shown(shift, shift.starts_at)})
    assert page.status_code == 403
    assert "网格员" in page.content.decode()


def test_my_volunteer_page_needs_at_most_ten_statements(
    people: People, lin: Viewer, leader: Viewer, shift: Shift, place: SignUp, signed_in: Any,
    django_assert_max_num_queries: Any,
) -> None:
    from fuhui.domains.volunteers.tests.conftest import called
    from fuhui.domains.volunteers.tests.test_attendance import approved, served

    approved(leader, shift, served(lin, shift), 120)
    called(people, (9, 11), (14, 16))
    browser = signed_in(lin)
    browser.get("/volunteers/me/")
    with django_assert_max_num_queries(10):
        page = browser.get("/volunteers/me/").content.decode()
    assert ("适合您的班次" in page, "认定" in page) == (True, True)
