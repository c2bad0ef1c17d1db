"""Pages of places, accounts and organisations: what each person sees, statements, second factor, sign-in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fuhui.registry.accounts import actions, queries
from fuhui.registry.accounts.models import Account, today
from fuhui.registry.organisations import actions as organisations
from fuhui.registry.organisations.rules import OrganisationKind
from fuhui.registry.places import actions as places
from fuhui.registry.places.queries import Community
from fuhui.registry.places.tests.world import FUHUI, NEIGHBOUR, account, grid, install, open_community, square
from fuhui.shared.viewers import Role

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 10


@pytest.fixture(autouse=True)
def _second_factor_is_asked_afresh() -> None:
    queries.forget_second_factor()


@pytest.fixture
def fuhui() -> Community:
    return open_community()


def _client(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def _pages(fuhui: Community) -> list[str]:
    by = install(fuhui.id)
    one = grid(fuhui, staff_name="赵敏", phone="19900000001", border=square(121.26, 37.49))
    block = places.save_building(by=by, community_id=fuhui.id, grid_id=one.id, area="福惠花园", name="3号楼")
    places.homes_create(by=by, community_id=fuhui.id, doors=[(block.id, "1", "101")])
    party = organisations.save_organisation(by=by, community_id=fuhui.id, kind=OrganisationKind.PARTY, name="社区党委")
    zhao = account("zhao", Role.GRID_WORKER, fuhui, grid_id=one.id)
    organisations.add_member(by=install(fuhui.id), organisation_id=party.id, account_id=zhao.id)
    actions.issue_token(by=install(fuhui.id), username="zhao", name="对接", days=9)
    return [
        f"/grids/{FUHUI}/", "/places/", "/places/grids/new/", f"/places/grids/{one.id}/", "/places/buildings/",
        "/places/buildings/new/", f"/places/buildings/{block.id}/", "/places/community/", f"/poster/grid/{one.id}/",
        f"/poster/building/{block.id}/", f"/poster/building/{block.id}.svg", "/staff/", "/staff/new/", "/staff/me/",
        f"/staff/{zhao.id}/", f"/staff/tokens/?account={zhao.id}", "/organisations/", "/organisations/new/",
        f"/organisations/{party.id}/", f"/organisations/{party.id}/edit/", "/accounts/password/change/",
        "/accounts/2fa/", "/accounts/logout/",
    ]


def test_chen_opens_every_page_within_ten_statements(fuhui: Community) -> None:
    pages = _pages(fuhui)
    chen = _client(account("chen", Role.SECRETARY, fuhui))
    for page in pages:
        with CaptureQueriesContext(connection, ) as statements:
            answer = chen.get(page)
        assert answer.status_code == 200, page
        counted = [one["sql"] for one in statements if "SAVEPOINT" not in one["sql"]]
        assert len(counted) <= MOST_STATEMENTS, (page, counted)


def test_a_visitor_is_led_to_the_sign_in_page_except_from_the_public_board(fuhui: Community) -> None:
    for page in _pages(fuhui)[1:]:
        answer = Client().get(page)
        assert answer.status_code == 302, page
        assert answer["Location"].startswith("/accounts/login/?next=") or "/accounts/" in page, page
    assert Client().get(f"/grids/{FUHUI}/").status_code == 200


def test_a_resident_and_the_neighbour_reach_no_working_page(fuhui: Community) -> None:
    pages = [page for page in _pages(fuhui) if not page.startswith(("/grids/", "/accounts/", "/staff/me/"))]
    resident = _client(account("wang", Role.RESIDENT, fuhui))
    for page in pages:
        assert resident.get(page).status_code in {403, 404}, page
    neighbour = open_community(NEIGHBOUR, "南关社区")
    li = _client(account("li", Role.SECRETARY, neighbour))
    for page in [page for page in pages if re.search(r"[0-9a-f]{8}-", page)]:
        assert li.get(page).status_code == 404, page


def test_chen_makes_an_account_and_its_first_sign_in_leads_to_an_own_password(fuhui: Community) -> None:
    chen = _client(account("chen", Role.SECRETARY, fuhui))
    made = chen.post("/staff/new/", {"username": "zhao", "display_name": "赵敏", "role": "grid_worker",
                                     "community_id": str(fuhui.id)})
    found = re.search(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}</b>", made.content.decode())
    assert found
    assert made["Cache-Control"] == "no-store"
    zhao, password = Client(), found.group()[:-4]
    assert zhao.post("/accounts/login/", {"login": "zhao", "password": password}).status_code == 302
    assert zhao.get("/places/")["Location"] == "/accounts/password/change/"
    new = "haihe-hua-2026"
    zhao.post("/accounts/password/change/", {"oldpassword": password, "password1": new, "password2": new})
    assert zhao.get("/places/").status_code == 200
    assert Client().post("/accounts/login/", {"login": "zhao", "password": new}).status_code == 302


def test_a_refused_form_keeps_what_was_typed_and_says_why(fuhui: Community) -> None:
    chen = _client(account("chen", Role.SECRETARY, fuhui))
    for page, sent, words in (
        ("/places/grids/new/", {"number": "x", "name": "我写的名称"}, "编号要填数字"),
        ("/places/grids/new/", {"number": "1", "name": "我写的名称", "border": "{"}, "不是有效的 JSON"),
        ("/places/buildings/new/", {"name": "我写的名称"}, "属于哪个网格"),
        ("/organisations/new/", {"name": "我写的名称"}, "请选择类别"),
        ("/organisations/new/", {"name": "我写的名称", "kind": "party", "since": "昨天"}, "2026-03-02"),
        ("/staff/new/", {"username": "x", "display_name": "我写的名称", "role": "operator"}, "系统管理员指定"),
    ):
        answer = chen.post(page, sent)
        assert answer.status_code == 422, page
        assert words in answer.content.decode(), page
        assert "我写的名称" in answer.content.decode(), page


def test_a_grid_is_drawn_by_pasting_a_border(fuhui: Community) -> None:
    chen = _client(account("chen", Role.SECRETARY, fuhui))
    sent = {"number": "3", "name": "第3网格", "areas": "福惠花园、海河家园", "phone": "19900000003",
            "border": '{"type":"Polygon","coordinates":[[[121.26,37.49],[121.27,37.49],[121.27,37.5]]]}'}
    answer = chen.post("/places/grids/new/", sent, follow=True)
    assert "第3网格已保存" in answer.content.decode()
    assert "121.27" in answer.content.decode()


def test_a_street_officer_chooses_the_community_to_look_at(fuhui: Community) -> None:
    neighbour = open_community(NEIGHBOUR, "南关社区")
    actions.create_account(by=install(), username="sun", display_name="孙处", role=Role.STREET_OFFICER,
                           region_code="370611001", password="yangliu-2026")
    sun = _client(Account.objects.get(username="sun"))
    for community in (fuhui, neighbour):
        sun.post("/staff/community/", {"community_id": str(community.id), "next": "https://elsewhere.example/"})
        assert community.name in sun.get("/places/").content.decode()
    answer = sun.post("/staff/community/", {"community_id": str(fuhui.id), "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    li = _client(account("li", Role.SECRETARY, neighbour))
    assert li.post("/staff/community/", {"community_id": str(fuhui.id)}).status_code == 404


def test_staff_without_a_second_factor_are_led_to_it_and_residents_are_not(fuhui: Community, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    zhao, wang = account("zhao", Role.GRID_WORKER, fuhui), account("wang", Role.RESIDENT, fuhui)
    assert _client(zhao).get("/places/")["Location"] == "/accounts/2fa/totp/activate/"
    assert _client(wang).get("/staff/me/").status_code == 200
    Authenticator.objects.create(user=zhao, type=Authenticator.Type.TOTP, data={})
    assert _client(zhao).get("/places/").status_code == 200


def test_one_community_can_ask_its_own_staff_for_a_second_factor(fuhui: Community) -> None:
    neighbour = open_community(NEIGHBOUR, "南关社区")
    chen, li = account("chen", Role.SECRETARY, fuhui), account("li", Role.SECRETARY, neighbour)
    places.change_community(by=install(fuhui.id), community_id=fuhui.id, name=fuhui.name, phone="",
                            supervision_phone="", address="", settings={"staff_second_factor": True})
    queries.forget_second_factor()
    assert _client(chen).get("/places/")["Location"] == "/accounts/2fa/totp/activate/"
    assert _client(li).get("/places/").status_code == 200


def test_a_token_is_no_way_around_the_second_factor(fuhui: Community, settings: Any) -> None:
    zhao = account("zhao", Role.GRID_WORKER, fuhui)
    token = actions.issue_token(by=install(fuhui.id), username="zhao", name="对接", days=9)
    headers = {"Authorization": f"Bearer {token}"}
    settings.STAFF_SECOND_FACTOR = True
    refused = Client().get("/api/nothing", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    Authenticator.objects.create(user=zhao, type=Authenticator.Type.TOTP, data={})
    assert Client().get("/api/nothing", headers=headers).status_code == 404
    assert queries.tokens_for(install(fuhui.id), zhao.id)[0].last_used_on == today()
    wrong = Client().get("/api/nothing", headers={"Authorization": "Bearer fh_guess"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "token")


def test_signing_in_by_one_tap_exists_in_a_demo_only(fuhui: Community, settings: Any) -> None:
    account("chen", Role.SECRETARY, fuhui)
    account("hidden", Role.SECRETARY, fuhui)
    settings.DEMO_ACCOUNTS = ({"username": "chen", "name": "陈书记", "role": "社区书记"},)
    settings.DEMO = False
    assert Client().post("/staff/demo/", {"username": "chen"}).status_code == 404
    assert "演示账号" not in Client().get("/accounts/login/").content.decode()
    settings.DEMO = True
    assert "陈书记" in Client().get("/accounts/login/").content.decode()
    assert Client().post("/staff/demo/", {"username": "hidden"}).status_code == 404
    assert Client().get("/staff/demo/").status_code == 405
    chen = Client()
    assert chen.post("/staff/demo/", {"username": "chen"}).status_code == 302
    assert chen.get("/places/").status_code == 200


def test_a_second_factor_is_switched_on_with_an_app(fuhui: Community) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    account("zhao", Role.GRID_WORKER, fuhui)
    zhao = Client()
    zhao.post("/accounts/login/", {"login": "zhao", "password": "yangliu-2026"})
    assert "再确认一次" in zhao.get("/accounts/2fa/totp/activate/", follow=True).content.decode()
    page = zhao.post("/accounts/reauthenticate/", {"password": "yangliu-2026", "next": "/accounts/2fa/totp/activate/"},
                     follow=True).content.decode()
    secret = re.search(r'id="totp-secret"[^>]*>([A-Z2-7]+)<', page)
    assert secret
    counter = next(iter(yield_hotp_counters_from_time()))
    done = zhao.post("/accounts/2fa/totp/activate/", {"code": format_hotp_value(hotp_value(secret.group(1), counter))},
                     follow=True)
    assert "备用码" in done.content.decode()
    assert queries.has_second_factor(Account.objects.get(username="zhao").pk)
    for page in ("/accounts/2fa/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
                 "/accounts/2fa/recovery-codes/generate/"):
        assert zhao.get(page, follow=True).status_code == 200, page
    other = Client()
    other.post("/accounts/login/", {"login": "zhao", "password": "yangliu-2026"})
    assert "验证器" in other.get("/accounts/2fa/authenticate/").content.decode()
    assert other.get("/places/").status_code == 302, "half signed in is not signed in"


@pytest.mark.parametrize("page", ["login", "signup", "inactive", "password/reset"])
def test_the_sign_in_pages_stand(page: str) -> None:
    answer = Client().get(f"/accounts/{page}/")
    assert answer.status_code == 200
    assert 'lang="zh' in answer.content.decode()
    assert django_settings.LANGUAGE_CODE == "zh-hans"
