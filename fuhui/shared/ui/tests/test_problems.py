from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.fixtures import Settings

from fuhui.shared.ui.tests.urls import FAILURES
from fuhui.shared.ui.vendor import FILES, MissingVendorFile, copy_vendor

STATUS = {
    "bad-input": 422,
    "rule": 409,
    "stale": 409,
    "not-allowed": 403,
    "not-found": 404,
    "too-many": 429,
    "too-big": 413,
    "nul": 422,
    "number": 422,
    "denied": 403,
}


@pytest.mark.parametrize("how", FAILURES)
def test_an_error_for_people_is_a_page_with_its_reason_and_a_way_back(browser: Client, how: str) -> None:
    answer = browser.get(f"/fail/{how}", headers={"referer": "http://testserver/ui/"})
    page = answer.content.decode()
    assert answer.status_code == STATUS[how]
    assert getattr(FAILURES[how], "message", "") in page
    assert 'href="http://testserver/ui/"' in page
    assert "<c-" not in page


@pytest.mark.parametrize("how", FAILURES)
def test_a_program_gets_the_same_as_json(browser: Client, how: str) -> None:
    answer = browser.get(f"/api/fail/{how}")
    said = json.loads(answer.content)
    assert answer.status_code == STATUS[how]
    assert set(said) == {"code", "message", "details"}
    if how == "bad-input":
        assert said == {
            "code": "phone",
            "message": "手机号应是 11 位数字，现在是 10 位。",
            "details": {"field": "phone"},
        }


def test_what_wang_typed_is_shown_again_but_not_her_password(browser: Client) -> None:
    typed = {
        "text": "3号楼电梯停了两天\n老人下不了楼",
        "password": "极密的 口令",
        "csrfmiddlewaretoken": "abc",
        "kind": "repair",
    }
    page = browser.post("/fail/rule", typed).content.decode()
    assert "3号楼电梯停了两天\n老人下不了楼" in page
    assert "极密" not in page
    assert "repair" not in page


def test_the_way_back_never_leads_to_a_foreign_site(browser: Client) -> None:
    page = browser.get("/fail/rule", headers={"referer": "https://example.com/"}).content.decode()
    assert "example.com" not in page


def test_a_part_of_a_page_gets_a_toast(browser: Client) -> None:
    answer = browser.post("/fail/rule", headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert json.loads(answer["HX-Trigger"])["fuhui:toast"]["text"] == "这件诉求已经办结，不能再转办。"
    boosted = browser.get("/fail/rule", headers={"hx-request": "true", "hx-boosted": "true"})
    assert "<html" in boosted.content.decode()


def test_a_paste_that_is_too_big_and_a_form_with_too_many_fields(browser: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = browser.post("/ok", {"text": "长" * 2000}, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 413}
    answer = browser.post("/ok", "text=" + "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, "请分几次提交" in answer.content.decode()) == (413, True)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = browser.post("/ok", "a=1&b=2&c=3&d=4", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


def test_a_page_left_open_too_long_says_so(browser: Client) -> None:
    answer = Client(enforce_csrf_checks=True).post("/ok", {"text": "还 在"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "打开太久" in page
    assert "还 在" in page


def test_an_unknown_address_is_a_kind_404(browser: Client) -> None:
    answer = browser.get("/no/such/page")
    assert (answer.status_code, "没有这个页面" in answer.content.decode()) == (404, True)
    assert json.loads(browser.get("/api/no").content)["code"] == "not_found"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "422", "429", "500"])
def test_error_pages_render_without_a_request(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert "回到首页" in page
    assert "<c-" not in page


def test_front_end_files_are_copied_without_their_source_maps(tmp_path: Path) -> None:
    with pytest.raises(MissingVendorFile, match="make setup"):
        copy_vendor(tmp_path / "none", tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()
    for source in FILES:
        (tmp_path / "modules" / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "modules" / source).write_text("let a = 1;\n//# sourceMappingURL=a.js.map")
    copies = copy_vendor(tmp_path / "modules", tmp_path / "vendor")
    assert {copy.name for copy in copies} == set(FILES.values())
    assert all("sourceMapping" not in copy.read_text() for copy in copies)


def test_the_lock_names_no_registry() -> None:
    root = Path(__file__).parents[4]
    lock = json.loads((root / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/echarts"]["integrity"]
    assert all("resolved" not in package for package in lock["packages"].values())
