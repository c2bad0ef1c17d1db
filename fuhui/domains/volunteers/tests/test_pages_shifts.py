"""The pages of calls and shifts as people meet them."""

from __future__ import annotations

from typing import Any

import pytest

from fuhui.domains.volunteers.tests.conftest import People, called, registered, tomorrow_at
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db


def _sent(**more: str) -> dict[str, str]:
    return {
        "title": "陪诊", "about": "陪老人看病", "place": "社区门口", "risks": "无", "kind": "other", "capacity": "2",
        "starts_at": f"{tomorrow_at(9):%Y-%m-%dT%H:%M}", "ends_at": f"{tomorrow_at(11):%Y-%m-%dT%H:%M}",
    } | more


def test_chen_publishes_and_lin_signs_up(people: People, lin: Viewer, chen: Viewer, signed_in: Any) -> None:
    desk, hers = signed_in(chen), signed_in(lin)
    assert "发布招募" in desk.get("/volunteers/calls/").content.decode()
    back = desk.post("/volunteers/calls/new/", _sent(capacity="-3"))
    assert (back.status_code, "名额填 1 到" in back.content.decode()) == (422, True)
    assert "陪老人看病" in back.content.decode()
    back = desk.post("/volunteers/calls/new/", _sent(starts_at="2020-01-01T09:00"))
    assert "已经过去" in back.content.decode()
    back = desk.post("/volunteers/calls/new/", _sent(starts_at="明天"))
    assert "要写成" in back.content.decode()
    page = desk.post("/volunteers/calls/new/", _sent(), follow=True)
    call, shift = page.context["call"].pk, page.context["shifts"][0]["id"]
    led = hers.post(f"/volunteers/shifts/{shift}/sign-up/", follow=True).content.decode()
    assert "您还不是志愿者" in led
    registered(people, people.lin)
    done = hers.post(f"/volunteers/shifts/{shift}/sign-up/", follow=True).content.decode()
    assert "我已报名" in done
    assert "陪诊" in hers.get("/volunteers/me/").content.decode()
    again = hers.post(f"/volunteers/shifts/{shift}/sign-up/")
    assert (again.status_code, "不用再报" in again.content.decode()) == (409, True)
    assert "林晓" in desk.get(f"/volunteers/shifts/{shift}/").content.decode()
    assert hers.get(f"/volunteers/shifts/{shift}/").status_code == 403
    assert "再加一个班次" not in hers.get(f"/volunteers/calls/{call}/").content.decode()


def test_a_close_shift_is_asked_about_and_a_place_given_back(
    people: People, lin: Viewer, chen: Viewer, signed_in: Any
) -> None:
    registered(people, people.lin)
    first, second = called(people, (9, 11), (11, 13))
    hers = signed_in(lin)
    hers.post(f"/volunteers/shifts/{first.pk}/sign-up/")
    asked = hers.post(f"/volunteers/shifts/{second.pk}/sign-up/").content.decode()
    assert "怕赶不及" in asked
    assert "我赶得上" in asked
    page = hers.post(f"/volunteers/shifts/{second.pk}/sign-up/", {"close": "on"}, follow=True)
    mine = page.context["shifts"][0]["mine"]
    assert "已退出" in hers.post(f"/volunteers/sign-ups/{mine}/withdraw/", follow=True).content.decode()


def test_the_desk_plans_a_shift(people: People, chen: Viewer, signed_in: Any) -> None:
    row = registered(people, people.lin)
    shift = called(people, (9, 11))[0]
    desk, page = signed_in(chen), f"/volunteers/shifts/{shift.pk}/"
    assert "近一年还没有服务" in desk.get(page).content.decode()
    assert "林晓" in desk.post(f"{page}sign-up/", {"volunteer_id": str(row.pk)}, follow=True).content.decode()
    assert "不用再报" in desk.post(f"{page}sign-up/", {"volunteer_id": str(row.pk)}).content.decode()
    assert "没有还能请的人" in desk.post(f"{page}ask/", follow=True).content.decode()
    assert "名额填" in desk.post(f"{page}places/", {"capacity": "0"}).content.decode()
    assert "要填数字" in desk.post(f"{page}places/", {"capacity": "很多"}).content.decode()
    assert "名额已改" in desk.post(f"{page}places/", {"capacity": "8"}, follow=True).content.decode()
    more = desk.post(f"/volunteers/calls/{shift.call_id}/shifts/", _sent(ends_at=_sent()["starts_at"]))
    assert (more.status_code, "晚于开始" in more.content.decode()) == (409, True)
    added = desk.post(f"/volunteers/calls/{shift.call_id}/shifts/", _sent(), follow=True).content.decode()
    assert "班次已加上" in added
    assert "取消的原因" in desk.post(f"{page}cancel/", {"why": ""}).content.decode()
    assert "已取消：下雨" in desk.post(f"{page}cancel/", {"why": "下雨"}, follow=True).content.decode()


def test_who_may_not_plan_is_told_so_before_the_form_is_read(people: People, lin: Viewer, signed_in: Any) -> None:
    shift = called(people, (9, 11))[0]
    refused = signed_in(lin).post(f"/volunteers/calls/{shift.call_id}/shifts/", {"capacity": "很多"})
    assert (refused.status_code, "由社区工作者或书记发布" in refused.content.decode()) == (403, True)
