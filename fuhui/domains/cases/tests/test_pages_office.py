"""The office's pages: entering for a caller, approvals, the rulebook."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fuhui.domains.cases.actions.handling import Worker, assign_case, object_to_case
from fuhui.domains.cases.actions.intake import CaseInput, PlaceInput, Reporter, submit_case
from fuhui.domains.cases.actions.receipt import Receipt
from fuhui.domains.cases.actions.time import request_extension
from fuhui.domains.cases.models import Case, CaseExtension
from fuhui.registry.places.models import Region
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system
from tests.personas import Place, make_account, make_community

from .pages import LAMP, newest, words

Browser = Callable[[Viewer], Client]


def test_chen_decides_an_extension_from_her_list(
    chen: Viewer, sun: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    with acting(sun):
        assign_case(by=sun, case_id=case.id, to=Worker(account_id=sun.account_id))
        asked = request_extension(by=sun, case_id=case.id, days=3, note="配件三天后到")
    browser = signed_in(chen)
    assert "配件三天后到" in words(browser.get("/approvals/"))
    browser.post(f"/cases/{case.id}/step/decide_extension/", {"grant": "yes", "note": "", "version": asked.version})
    with acting(chen):
        assert CaseExtension.objects.get(case_id=case.id).state == "granted"
    assert "没有等您审批的" in words(browser.get("/approvals/"))
    assert signed_in(sun).get("/approvals/").status_code in {403, 404}


def test_an_objection_waits_for_chen(
    chen: Viewer, zhao: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    with acting(chen):
        assign_case(by=chen, case_id=case.id, to=Worker(account_id=zhao.account_id))
    with acting(zhao):
        object_to_case(by=zhao, case_id=case.id, note="是物业的灯")
    assert "是物业的灯" in words(signed_in(chen).get("/approvals/"))


def test_sun_enters_a_caller_and_sees_first_that_it_was_said_before(
    sun: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    before = enter()
    browser = signed_in(sun)
    key = re.search(r'name="request_key" value="([^"]+)"', browser.get("/cases/new/").content.decode())
    assert key
    sent = {
        "text": "3号楼2单元楼道灯坏了好几天",
        "source": "phone",
        "name": "李大爷",
        "phone": "19900000002",
        "request_key": key[1],
    }
    look = browser.post("/cases/new/", sent | {"do": "look"})
    assert before.case.number in words(look)
    assert "系统的理解" in words(look)
    with acting(sun):
        assert Case.objects.count() == 1
    first = browser.post("/cases/new/", sent | {"do": "enter"})
    again = browser.post("/cases/new/", sent | {"do": "enter"})
    assert "已登记" in words(first)
    assert again.status_code == 200
    with acting(sun):
        assert Case.objects.count() == 2


def test_a_phone_that_is_none_loses_nothing(sun: Viewer, signed_in: Browser) -> None:
    page = signed_in(sun).post("/cases/new/", {"text": "路灯不亮", "source": "phone", "phone": "一二三", "do": "enter"})
    assert page.status_code == 422
    assert "这不像电话号码" in words(page)
    assert "路灯不亮" in page.content.decode()


def test_a_rule_is_tried_before_it_works(
    chen: Viewer, zhao: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case, browser = enter().case, signed_in(chen)
    nobody = browser.post("/rules/routing/new/", {"name": "灯", "words": "灯", "position": "10"})
    assert nobody.status_code == 422
    saved = browser.post("/rules/routing/new/", {"name": "灯", "words": "灯 路灯", "position": "10", "target": "grid"})
    address = saved["Location"]
    early = browser.post(address + "switch/", {"do": "on"})
    assert early.status_code == 409
    tried = browser.post(address + "try/")
    assert case.number in words(tried)
    assert "赵敏" in words(tried)
    assert newest(case.id, community).handler_name == ""
    assert browser.post(address + "switch/", {"do": "on"}).status_code == 302
    assert enter("3号楼1单元楼道灯也不亮").case.handler_name == "赵敏"


@pytest.mark.parametrize("kind", ["routing", "priority", "clock", "category"])
def test_every_page_of_the_rulebook_opens_in_ten_statements(
    kind: str, chen: Viewer, sun: Viewer, signed_in: Browser
) -> None:
    browser = signed_in(chen)
    for address in (f"/rules/?kind={kind}", f"/rules/{kind}/new/"):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        assert len(asked) <= 10, [one["sql"][:80] for one in asked.captured_queries]
    assert signed_in(sun).get(f"/rules/?kind={kind}").status_code == 403


def drafts(browser: Client, *names: str) -> list[str]:
    """Addresses of new routing rules, in the order of their names."""
    sent = [{"name": name, "words": name, "position": "10", "target": "grid"} for name in names]
    return [str(browser.post("/rules/routing/new/", one)["Location"]) for one in sent]


def test_chen_moves_a_rule_up_and_the_list_says_so(chen: Viewer, community: Place, signed_in: Browser) -> None:
    browser = signed_in(chen)
    _, second = drafts(browser, "漏水", "路灯")
    page = words(browser.get("/rules/"))
    assert page.index("漏水") < page.index("路灯")
    moved = browser.post(second + "move/", {"do": "up"})
    assert moved.status_code == 302
    page = words(browser.get("/rules/"))
    assert page.index("路灯") < page.index("漏水")
    assert browser.post(second + "move/", {"do": "up"}).status_code == 302  # the first stays the first
    browser.post(second + "move/", {"do": "down"})
    page = words(browser.get("/rules/"))
    assert page.index("漏水") < page.index("路灯")
    assert browser.post("/rules/clock/new/", {}).status_code == 422
    assert browser.post("/rules/clock/01900000-0000-7000-8000-000000000000/move/", {"do": "up"}).status_code == 422
    assert browser.post("/rules/routing/01900000-0000-7000-8000-000000000000/move/").status_code == 404


def test_a_changed_copy_says_what_it_replaces_and_replaces_it(
    chen: Viewer, zhao: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    enter()
    browser = signed_in(chen)
    (address,) = drafts(browser, "灯")
    browser.post(address + "try/")
    browser.post(address + "switch/", {"do": "on"})
    sent = {"name": "灯和井盖", "words": "灯 井盖", "position": "10", "target": "grid"}
    copy = browser.post(address, sent)["Location"]
    assert copy != address
    assert "这是“灯”的修改稿" in words(browser.get(copy))
    assert copy in browser.get(address).content.decode()
    assert "启用后替换“灯”" in words(browser.get("/rules/"))
    assert "原来的“灯”自动停用" in words(browser.post(copy + "try/"))
    on = browser.post(copy + "switch/", {"do": "on"}, follow=True)
    assert "原来的那条已停用" in words(on)
    assert "已经停用" in words(browser.get(address))


def test_an_operator_stays_in_the_community_while_changing_its_rules(
    community: Place, neighbour: Place, signed_in: Browser
) -> None:
    browser = signed_in(make_account("root", "方敏", Role.OPERATOR))
    here = f"community={neighbour.id}"
    listed = browser.get(f"/rules/?kind=routing&{here}").content.decode()
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="(/rules/[^"]*|\?kind=[^"]*)"', listed)]
    assert len(links) >= 5
    assert all(here in link for link in links if link != "/rules/"), links
    sent = {"name": "灯", "words": "灯", "position": "10", "target": "grid"}
    saved = str(browser.post(f"/rules/routing/new/?{here}", sent)["Location"])
    assert here in saved
    draft = browser.get(saved).content.decode()
    forms = re.findall(r'action="(/rules/[^"]*)"', draft)
    assert forms
    assert all(here in form for form in forms)
    tried = browser.post(saved.replace("/?", "/try/?"), {}).content.decode()
    assert here in tried
    done = browser.post(saved.replace("/?", "/switch/?"), {"do": "on"})
    assert here in str(done["Location"])
    assert "灯" in words(browser.get(str(done["Location"])))


def one_of_five(number: int, street: str) -> None:
    """A further community of the street with a case in its grid 3."""
    code = f"37061100110{number}"
    Region.objects.create(code=code, name=f"第{number}社区", level="community", parent_id=street)
    place = make_community(code, f"第{number}社区")
    matter = CaseInput(text=LAMP, source="phone", reporter=Reporter(name="王秀兰", phone="19900000001"),
                       place=PlaceInput(grid_id=place.grids[3]))  # fmt: skip
    with acting(system("tests", place.id)) as by:
        submit_case(by=by, community_id=place.id, matter=matter)


def test_liu_sees_grid_names_of_every_community_by_one_statement(street: str, liu: Viewer, signed_in: Browser) -> None:
    for number in range(1, 6):
        one_of_five(number, street)
    browser = signed_in(liu)
    with CaptureQueriesContext(connection) as asked:
        page = words(browser.get("/queue/?tab=all"))
    assert sum(f"第{number}社区 · 第3网格" in page for number in range(1, 6)) == 5
    assert sum("places_grid" in one["sql"] for one in asked.captured_queries) == 1
    assert len(asked) <= 10
