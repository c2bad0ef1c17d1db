"""The pages of registration and teams as people meet them."""

from __future__ import annotations

from typing import Any

import pytest

from fuhui.domains.volunteers.tests.conftest import People, registered
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db


def test_lin_finds_the_way_from_nothing_to_a_number(people: People, lin: Viewer, signed_in: Any) -> None:
    browser = signed_in(lin)
    assert "您还不是志愿者" in browser.get("/volunteers/me/").content.decode()
    back = browser.post("/volunteers/join/", {"skills": ["care"], "interests": "养花"})
    assert back.status_code == 422
    assert "自愿" in back.content.decode()
    assert "养花" in back.content.decode()
    page = browser.post("/volunteers/join/", {"skills": ["care"], "free_times": ["6_am"], "agreed": "on"}, follow=True)
    assert "370611001038-V00001" in page.content.decode()
    assert "周六上午" in page.content.decode()
    assert browser.get("/volunteers/join/").status_code == 302


def test_an_account_without_a_resident_is_told_where_to_go(people: People, wang: Viewer, signed_in: Any) -> None:
    page = signed_in(wang).get("/volunteers/join/", follow=True).content.decode()
    assert "联系网格员" in page


def test_chen_finds_the_resident_and_registers_her(people: People, chen: Viewer, signed_in: Any) -> None:
    browser = signed_in(chen)
    assert "还没有志愿者" in browser.get("/volunteers/").content.decode()
    found = browser.get("/volunteers/new/", {"q": "林晓"}).content.decode()
    assert f"/volunteers/new/{people.lin}/" in found
    made = browser.post(f"/volunteers/new/{people.lin}/", {"agreed": "on", "party_unit": "支部"})
    assert "双报到" in made.content.decode()
    made = browser.post(f"/volunteers/new/{people.lin}/", {"agreed": "on", "skills": "repair"}, follow=True)
    assert "维修电工" in made.content.decode()
    again = browser.post(f"/volunteers/new/{people.lin}/", {"agreed": "on"})
    assert (again.status_code, "一个人只登记一次" in again.content.decode()) == (422, True)
    assert "林晓" in browser.get("/volunteers/", {"skill": "repair"}).content.decode()
    assert "没有符合" in browser.get("/volunteers/", {"skill": "legal"}).content.decode()


def test_a_minor_without_a_guardian_keeps_what_was_typed(people: People, chen: Viewer, signed_in: Any) -> None:
    page = signed_in(chen).post(f"/volunteers/new/{people.xiaoyu}/", {"agreed": "on", "interests": "画画"})
    assert page.status_code == 422
    assert "监护人姓名" in page.content.decode()
    assert "画画" in page.content.decode()


def test_the_way_into_a_team(people: People, lin: Viewer, leader: Viewer, signed_in: Any) -> None:
    row = registered(people, people.lin)
    hers, his = signed_in(lin), signed_in(leader)
    assert "彩虹志愿服务队" in hers.get("/volunteers/teams/").content.decode()
    asked = hers.post(f"/volunteers/{row.pk}/ask/", {"team_id": str(people.rainbow)}, follow=True).content.decode()
    assert "等队长确认" in asked
    again = hers.post(f"/volunteers/{row.pk}/ask/", {"team_id": str(people.rainbow)}, follow=True).content.decode()
    assert "不用再申请" in again
    page = his.get(f"/volunteers/teams/{people.rainbow}/")
    joining = page.context["asked"][0]["id"]
    no = his.post(f"/volunteers/joinings/{joining}/decide/", {"answer": "no"})
    assert (no.status_code, "请写明不同意的原因" in no.content.decode()) == (409, True)
    yes = his.post(f"/volunteers/joinings/{joining}/decide/", {"answer": "yes"}, follow=True).content.decode()
    assert "已入队" in yes
    assert "已入队" in hers.get("/volunteers/me/").content.decode()
    left = hers.post(f"/volunteers/joinings/{joining}/leave/", follow=True).content.decode()
    assert "已退队" in left


def test_a_pause_is_said_and_a_wrong_state_is_refused(people: People, lin: Viewer, signed_in: Any) -> None:
    row = registered(people, people.lin)
    browser = signed_in(lin)
    assert "暂停" in browser.post(f"/volunteers/{row.pk}/state/", {"state": "paused"}, follow=True).content.decode()
    assert browser.post(f"/volunteers/{row.pk}/state/", {"state": "x"}).status_code == 422
    page = browser.get(f"/volunteers/{row.pk}/edit/")
    seen = page.context["seen"]
    sent = {"agreed": "on", "skills": "photo", "seen": seen}
    assert "摄影宣传" in browser.post(f"/volunteers/{row.pk}/edit/", sent, follow=True).content.decode()
    assert "刚刚被别人修改过" in browser.post(f"/volunteers/{row.pk}/edit/", sent).content.decode()


def test_chen_enters_a_teams_signed_list(people: People, chen: Viewer, leader: Viewer, signed_in: Any) -> None:
    browser, page = signed_in(chen), f"/volunteers/teams/{people.rainbow}/list/"
    assert "按名单登记" in browser.get(f"/volunteers/teams/{people.rainbow}/").content.decode()
    unsaid = browser.post(page, {"roll": "林晓"})
    assert unsaid.status_code == 422
    assert "自愿" in unsaid.content.decode()
    assert "林晓" in unsaid.content.decode()
    found = browser.post(page, {"roll": "林晓\n张小雨 陪伴照护", "agreed": "on"}).content.decode()
    assert "新登记 <strong>1</strong> 人" in found
    assert "监护人单独登记" in found
    assert "张小雨 陪伴照护</textarea>" in found
    assert signed_in(leader).get(page).status_code == 403
