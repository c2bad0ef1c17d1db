"""The pages and the API of the book, as people meet them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image

from fuhui.registry.ledger import registry
from fuhui.registry.ledger.actions import Served, ServedBy, save_kind
from fuhui.registry.ledger.models import ServiceRecord
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.ledger.registry import Source
from fuhui.registry.ledger.rules.catalogue import Kind
from fuhui.registry.ledger.tests.conftest import People, Write
from fuhui.shared.errors import StalePage
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import make_account

pytestmark = pytest.mark.django_db
MARCH = "?from=2026-03-01&to=2026-03-31"


def _photo(color: int = 90) -> Any:
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), (color, 120, 90)).save(kept, "JPEG")
    kept.seek(0)
    kept.name = "血压.jpg"
    return kept


def _form(people: People, **more: Any) -> dict[str, Any]:
    return {"kind": "health.empty_nest", "title": "送医上门：量血压、换药", "at": "2026-03-02T09:30", "minutes": "40",
            "me": "on", "got": [str(people.zhang)], "heads": "2", "brands": "送健康、福惠彩虹", "place": "3号楼2单元",
            "key": "form-1", "do": "save"} | more


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def _records(by: Viewer) -> list[ServiceRecord]:
    with acting(by):
        return list(ServiceRecord.objects.select_related("kind").order_by("pk"))


def test_sun_writes_a_home_visit_once_and_opens_it(people: People, sun: Viewer, signed_in: Any) -> None:
    browser = signed_in(sun)
    form = browser.get("/book/new/").content.decode()
    assert form.count('type="radio" name="kind"') >= 25
    assert "送健康·空巢老人" in form
    sent = browser.post("/book/new/", _form(people, photos=_photo()))
    again = browser.post("/book/new/", _form(people, photos=_photo(91)))
    assert sent["Location"] == again["Location"]
    row, = _records(sun)
    assert (row.got_heads, row.gave_minutes, row.brands) == (3, 40, ["福惠彩虹", "送健康"])
    page = browser.get(sent["Location"]).content.decode()
    for words in ("送医上门", "张福来", "孙丽", "未记名 2 人次", "40 分钟", "目录第 1 版", "服务照片"):
        assert words in page, words
    assert page.count("服务照片") == 1


@pytest.mark.parametrize(("change", "words"), [
    ({"kind": ""}, "点一下做的是哪一类"), ({"minutes": "x"}, "要填数字"), ({"minutes": "2000"}, "24 小时"),
    ({"title": ""}, "请写明做了什么"), ({"at": "昨天"}, "日期和时间"), ({"at": "2099-01-01T00:00"}, "还没有到"),
    ({"me": ""}, "至少写一位"), ({"heads": "-1"}, "人数"), ({"got": ["x"]}, "名单里选择"), ({"grid": "x"}, "网格"),
    ({"kind": "magic"}, "另选一个"), ({"team": "x"}, "组织"), ({"heads": "999999999999"}, "人数"),
    ({"brands": "长" * 41}, "最多 40 个字"), ({"photos": io.BytesIO(b"no photo")}, "照片"),
])
def test_wrong_input_is_explained_and_nothing_typed_is_lost(
    people: People, sun: Viewer, signed_in: Any, change: dict[str, Any], words: str
) -> None:
    answer = signed_in(sun).post("/book/new/", _form(people, place="角落里的亭子") | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "角落里的亭子" in page
    assert _records(sun) == []


def test_looking_somebody_up_keeps_the_form_and_those_already_chosen(
    people: People, sun: Viewer, signed_in: Any
) -> None:
    browser = signed_in(sun)
    page = browser.post("/book/new/", _form(people, do="find", q_got="王秀")).content.decode()
    assert "王秀兰" in page
    assert "张福来" in page
    assert "送医上门：量血压、换药" in page
    missed = browser.post("/book/new/", _form(people, do="find", q_gave="不存在的人")).content.decode()
    assert "没有找到“不存在的人”" in missed
    assert _records(sun) == []


def test_a_day_that_is_full_is_said_on_the_form(people: People, sun: Viewer, signed_in: Any) -> None:
    browser = signed_in(sun)
    browser.post("/book/new/", _form(people, minutes="1440"))
    answer = browser.post("/book/new/", _form(people, key="form-2", title="再来一次"))
    assert answer.status_code == 409
    assert "超过了 24 小时" in answer.content.decode()


def test_every_card_of_the_book_opens_as_its_list(write: Write, people: People, chen: Viewer, signed_in: Any) -> None:
    write(served=[Served(person=people.wang), Served(heads=5)], brands=["福惠彩虹"])
    write(served=[Served(household=people.home)], served_by=[ServedBy(organisation=people.team, heads=3)])
    browser = signed_in(chen)
    page = browser.get(f"/book/{MARCH}").content.decode()
    for room in registry.figure_rooms():
        with acting(chen):
            from fuhui.registry.ledger.web.asked import asked

            request = browser.get(f"/book/{MARCH}").wsgi_request
            found = room.measure(chen, asked(request.GET, people.community.id))
        for figure in found:
            address = f"/book/figures/{room.name}/{figure.definition.code}/"
            assert address in page
            behind = browser.get(address + MARCH).content.decode()
            assert behind.count('class="row"') == figure.records
            assert figure.definition.words in behind
    assert browser.get("/book/figures/book/none/").status_code == 404
    assert browser.get("/book/figures/none/none/").status_code == 404


@pytest.mark.parametrize("query", [
    "?from=x", "?to=2026-13-01", "?organiser=x", "?after=zz", "?from=2026-04-01&to=2026-03-01", "?kind=%00",
    "?brand=" + "x" * 300,
])
def test_a_broken_address_is_a_sentence(people: People, chen: Viewer, signed_in: Any, query: str) -> None:
    assert signed_in(chen).get("/book/" + query).status_code in {200, 422}


def test_chen_reverses_and_the_page_and_figures_say_so(write: Write, chen: Viewer, signed_in: Any) -> None:
    row = write(served=[Served(heads=5)])
    browser = signed_in(chen)
    assert browser.post(f"/book/{row.pk}/reverse/", {"reason": ""}).status_code == 422
    browser.post(f"/book/{row.pk}/reverse/", {"reason": "记成别的社区的了"})
    page = browser.get(f"/book/{row.pk}/").content.decode()
    assert "已经冲正，不再计入任何数字" in page
    assert "记成别的社区的了" in page
    assert browser.post(f"/book/{row.pk}/reverse/", {"reason": "再来一次"}).status_code == 409
    reversal = _records(chen)[-1]
    assert browser.post(f"/book/{reversal.pk}/reverse/", {"reason": "恢复"}).status_code == 409
    listed = browser.get(f"/book/{MARCH}").content.decode()
    assert f"/book/{row.pk}/" not in listed
    every = browser.get(f"/book/{MARCH}&all=1").content.decode()
    assert "已冲正" in every


def test_what_another_room_wrote_is_corrected_there(
    write: Write, chen: Viewer, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_sources", {})
    registry.register_source(Source("tests.visit", "走访", lambda key: f"/visits/{key}/"))
    row = write(key="7")
    browser = signed_in(chen)
    assert "/visits/7/" in browser.get(f"/book/{row.pk}/").content.decode()
    answer = browser.post(f"/book/{row.pk}/reverse/", {"reason": "记错了"})
    assert answer.status_code == 409
    assert "来自“走访”" in answer.content.decode()


def test_zhao_writes_but_does_not_reverse(write: Write, zhao: Viewer, signed_in: Any) -> None:
    row = write()
    browser = signed_in(zhao)
    page = browser.get(f"/book/{row.pk}/").content.decode()
    assert "冲正由社区书记办理" in page
    assert browser.post(f"/book/{row.pk}/reverse/", {"reason": "记错了"}).status_code == 403


def test_wang_sees_her_own_service_and_of_others_only_how_many(
    write: Write, people: People, signed_in: Any
) -> None:
    wang = make_account("wang2", "王秀兰", Role.RESIDENT, people.community)
    from fuhui.registry.accounts.models import Account

    Account.objects.filter(pk=str(wang.account_id)).update(person_id=people.wang)
    row = write(served=[Served(person=people.wang), Served(person=people.zhang), Served(heads=3)])
    hidden = write(title="别人的事", served=[Served(person=people.zhang)])
    browser = signed_in(wang)
    assert "上门量血压" in browser.get("/book/mine/").content.decode()
    page = browser.get(f"/book/{row.pk}/").content.decode()
    assert "其他 4 人次" in page
    assert "张福来" not in page
    assert browser.get(f"/book/{hidden.pk}/").status_code == 404
    assert browser.get("/book/").status_code == 403


def test_the_workbook_has_the_list_and_the_figures(write: Write, people: People, chen: Viewer, signed_in: Any) -> None:
    write(title="=1+1", served=[Served(person=people.wang)])
    answer = signed_in(chen).post(f"/book/export/{MARCH}")
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book["服务记录"].iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][3] == "'=1+1"
    assert "王秀兰" not in str(rows)
    assert ("场次", 1, "场", 1) in [row[:4] for row in book["数字"].iter_rows(values_only=True)]


def test_a_changed_catalogue_is_a_new_version_and_records_keep_theirs(
    write: Write, people: People, chen: Viewer, signed_in: Any
) -> None:
    old = write(kind="other")
    browser = signed_in(chen)
    form = {"code": "home_repair", "name": "入户小修", "is_active": "on", "version": "1"}
    assert browser.post("/book/catalogue/", form).status_code == 302
    assert browser.post("/book/catalogue/", form | {"code": "B", "version": "2"}).status_code == 422
    assert browser.post("/book/catalogue/", form | {"code": "b", "version": "2"}).status_code == 422  # same name
    assert browser.post("/book/catalogue/", form | {"name": "其他", "code": "other", "version": "1"}).status_code == 422
    browser.post("/book/catalogue/", {"code": "other", "name": "其他服务", "version": "2"})
    new = write(kind="home_repair")
    with acting(chen):
        found = catalogue_for(chen, people.community.id)
        assert found.version == 3
        assert not found.kind("other").is_active  # type: ignore[union-attr]
        assert (old.kind.catalogue.version, new.kind.catalogue.version) == (1, 3)
        with pytest.raises(StalePage):
            save_kind(by=chen, community_id=people.community.id, kind=Kind("x", "新"), version=1)


def test_the_checks_page_looks_now(write: Write, chen: Viewer, signed_in: Any) -> None:
    write()
    browser = signed_in(chen)
    assert "还没有核对" in browser.get("/book/checks/").content.decode()
    page = browser.post("/book/checks/", follow=True).content.decode()
    assert "已核对，全部一致" in page


def test_the_api_writes_lists_counts_and_reverses(people: People, chen: Viewer, signed_in: Any) -> None:
    browser, here = signed_in(chen), people.community.id
    service = {"community": str(here), "key": "api-1", "kind": "skill.all", "title": "教用手机", "minutes": 90,
               "occurred_at": "2026-03-02T09:30:00+08:00", "served": [{"heads": 12}],
               "served_by": [{"person": str(people.lin)}]}
    sent = browser.post("/api/book/services", json.dumps(service), content_type="application/json")
    assert sent.status_code == 200, sent.content
    asked = f"?community={here}&since=2026-03-01&until=2026-03-31"
    figures = {one["code"]: one for one in browser.get(f"/api/book/figures{asked}").json()["figures"]}
    assert (figures["attendances"]["value"], figures["attendances"]["records"]) == (12, 1)
    listed = browser.get(f"/api/book/records{asked}").json()
    assert [one["title"] for one in listed["records"]] == ["教用手机"]
    wrong = browser.post("/api/book/services", json.dumps(service | {"minutes": 5}), content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "other_content")
    gone = browser.post(f"/api/book/records/{sent.json()['id']}/reverse", json.dumps({"reason": "重复了"}),
                        content_type="application/json")
    assert gone.json()["reverses"] == sent.json()["id"]
    assert browser.get(f"/api/book/records{asked}").json()["records"] == []
    naive = browser.post("/api/book/services", json.dumps(service | {"key": "2", "occurred_at": "2026-03-02T09:30:00"}),
                         content_type="application/json")
    assert naive.status_code == 422
