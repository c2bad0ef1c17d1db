"""五帮五送: the catalogue as a table, its figures that open, its further rows and columns; a household at once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fuhui.registry.ledger import registry
from fuhui.registry.ledger.actions import Served, ServedBy, extend_matrix, reverse_service, save_kind
from fuhui.registry.ledger.models import Catalogue, ServicePart, ServiceRecord
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.ledger.queries.matrix import ADDING, counted_matrix
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.registry.ledger.rules.catalogue import Kind, default_kinds
from fuhui.registry.ledger.rules.matrix import MOST, extended, laid_out
from fuhui.registry.ledger.tests.conftest import People, Write
from fuhui.registry.people.models import Household, Person
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, StalePage
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import moment

pytestmark = pytest.mark.django_db
MARCH = "from=2026-03-01&to=2026-03-31"
_CELL = re.compile(r'<a class="ledger-cell" href="([^"]+)" aria-label="([^"]+)">([\d,]+)</a>')


def _march(people: People) -> Ask:
    day = moment("2026-03-01 00:00").date()
    return Ask(community=people.community.id, since=day, until=day.replace(day=31))


def _cells(page: str) -> list[tuple[str, str, int]]:
    return [(href.replace("&amp;", "&"), words, int(value.replace(",", ""))) for href, words, value
            in _CELL.findall(page)]


def test_every_cell_row_and_column_opens_as_exactly_the_records_it_counts(
    write: Write, people: People, chen: Viewer, signed_in: Any
) -> None:
    write(served=[Served(person=people.wang), Served(heads=4)])
    write(kind="health.disabled", served=[Served(heads=2)])
    write(kind="warmth.empty_nest", served=[Served(person=people.zhang)])
    write(kind="other", served=[Served(heads=7)])
    gone = write(kind="warmth.empty_nest", served=[Served(heads=9)])
    with acting(chen):
        reverse_service(by=chen, community=people.community.id, source=gone.source, key=gone.key, reason="记重了")
    browser = signed_in(chen)
    cells = _cells(browser.get(f"/book/matrix/?{MARCH}").content.decode())
    assert {words for _, words, _ in cells} == {
        "送健康·空巢老人：1 场", "送健康·残疾人：1 场", "送温暖·空巢老人：1 场",
        "空巢老人：2 场", "残疾人：1 场", "送健康：2 场", "送温暖：1 场"}
    for href, words, value in cells:
        assert browser.get(href).content.decode().count('class="row"') == value, words
    people_of = {words: value for _, words, value in _cells(
        browser.get(f"/book/matrix/?{MARCH}&of=attendances").content.decode())}
    assert people_of["送健康·空巢老人：5 人次"] == 5
    assert people_of["送健康：7 人次"] == 7


def test_the_sums_of_the_table_are_those_of_the_book(write: Write, people: People, chen: Viewer) -> None:
    from fuhui.registry.ledger.queries.figures import figures

    for kind, heads in (("health.empty_nest", 3), ("clean.all", 20), ("other", 1)):
        write(kind=kind, served=[Served(heads=heads)])
    with acting(chen):
        ask = _march(people)
        book = {one.definition.code: one.value for one in figures(chen, ask)}
        for code in ADDING:
            assert sum(counted_matrix(chen, ask, code).values.values()) == book[code], code
        with pytest.raises(NotFound):
            counted_matrix(chen, ask, "persons")  # distinct people do not add up


def test_the_table_needs_at_most_ten_statements(
    write: Write, people: People, chen: Viewer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    write()
    browser = signed_in(chen)
    for path in (f"/book/matrix/?{MARCH}", "/book/catalogue/", "/book/new/"):
        browser.get(path)
        with django_assert_max_num_queries(10):
            assert browser.get(path).status_code == 200


def test_chen_adds_whom_to_help_and_what_to_bring_and_both_stand_in_the_table(
    write: Write, people: People, chen: Viewer, signed_in: Any
) -> None:
    write()
    browser = signed_in(chen)
    form = {"do": "extend", "side": "help", "line_name": "退役军人", "version": "1"}
    assert browser.post("/book/catalogue/", form).status_code == 302
    column = form | {"side": "send", "line_name": "法律", "version": "2"}
    assert browser.post("/book/catalogue/", column).status_code == 302
    page = browser.get("/book/catalogue/").content.decode()
    assert "记一次送温暖·退役军人" in page
    assert "记一次送法律·退役军人" in page
    assert "warmth.empty_nest</" not in page  # people read names, never codes
    made = write(kind="send_1.help_1", served=[Served(heads=3)])
    assert made.kind.name == "送法律·退役军人"
    cells = _cells(browser.get(f"/book/matrix/?{MARCH}").content.decode())
    assert "送法律·退役军人：1 场" in {words for _, words, _ in cells}


@pytest.mark.parametrize(("change", "words"), [
    ({"line_name": ""}, "请填写"), ({"line_name": "空巢老人"}, "已经有"), ({"line_name": "很长" * 6}, "最多 10 个字"),
    ({"side": "x"}, "加一行"), ({"side": ""}, "加一行"), ({"version": "x"}, "版本"),
    ({"version": "9"}, "刚刚被别人改过"),
])
def test_a_row_that_cannot_be_is_explained_and_the_catalogue_stays(
    write: Write, people: People, chen: Viewer, signed_in: Any, change: dict[str, str], words: str
) -> None:
    write()
    form = {"do": "extend", "side": "help", "line_name": "退役军人", "version": "1"} | change
    answer = signed_in(chen).post("/book/catalogue/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with acting(chen):
        assert Catalogue.objects.count() == 1


def test_only_the_secretary_adds_rows_and_two_at_once_do_not_overwrite_each_other(
    people: People, chen: Viewer, zhao: Viewer, signed_in: Any
) -> None:
    here = people.community.id
    assert signed_in(zhao).post("/book/catalogue/", {"do": "extend"}).status_code == 403
    with acting(zhao), pytest.raises(NotAllowed):
        extend_matrix(by=zhao, community_id=here, side="help", name="退役军人", version=0)
    with acting(chen):
        extend_matrix(by=chen, community_id=here, side="help", name="退役军人", version=0)
        with pytest.raises(StalePage):
            extend_matrix(by=chen, community_id=here, side="help", name="新就业群体", version=0)
        save_kind(by=chen, community_id=here, kind=Kind("", "送健康·独居老人"), version=1)
        with pytest.raises(BadInput, match="送健康·独居老人"):
            extend_matrix(by=chen, community_id=here, side="help", name="独居老人", version=2)


def test_a_retired_kind_leaves_an_empty_cell_and_the_columns_stay_in_line(
    people: People, chen: Viewer, signed_in: Any
) -> None:
    here = people.community.id
    with acting(chen):
        save_kind(by=chen, community_id=here, kind=Kind("health.empty_nest", "", is_active=False), version=0)
        table = laid_out(catalogue_for(chen, here).kinds)
    assert table.heads == ("温暖", "健康", "清洁", "文化", "技能")
    assert [cell and cell.send for cell in table.lines[0].cells] == ["warmth", None, "clean", "culture", "skill"]
    page = signed_in(chen).get("/book/catalogue/").content.decode()
    assert "已停用：送健康·空巢老人" in page


def test_a_full_table_says_where_further_kinds_go() -> None:
    kinds = default_kinds()
    for number in range(MOST["send"] - 5):
        kinds += extended(kinds, "send", f"送第{number}")
    with pytest.raises(BadInput, match="表格外"):
        extended(kinds, "send", "再送一样")
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_a_kind_without_a_code_gets_one_and_a_known_one_keeps_its_name(people: People, chen: Viewer) -> None:
    here = people.community.id
    with acting(chen):
        save_kind(by=chen, community_id=here, kind=Kind("", "入户小修"), version=0)
        save_kind(by=chen, community_id=here, kind=Kind("other", "", is_active=False), version=1)
        found = catalogue_for(chen, here)
    assert found.kind("kind_1").name == "入户小修"  # type: ignore[union-attr]
    assert (found.kind("other").name, found.kind("other").is_active) == ("其他服务", False)  # type: ignore[union-attr]


def _form(**more: Any) -> dict[str, Any]:
    return {"kind": "warmth.hardship", "title": "送米面油", "at": "2026-03-02T09:30", "minutes": "30", "me": "on",
            "key": "home-1", "do": "save"} | more


def test_sun_writes_a_whole_household_at_once(people: People, sun: Viewer, signed_in: Any) -> None:
    browser = signed_in(sun)
    page = browser.post("/book/new/", _form(do="find", q_got="王秀兰")).content.decode()
    assert "户号 1 全家 2 人：王秀兰、李桂芳" in page
    sent = browser.post("/book/new/", _form(home=[str(people.home)], got=[str(people.wang)], heads="1"))
    assert sent.status_code == 302
    with acting(sun):
        row = ServiceRecord.objects.get()
        named = set(ServicePart.objects.filter(side="got", person__isnull=False).values_list("person_id", flat=True))
    assert named == {people.wang, people.li}  # ticked twice, counted once
    assert (row.got_heads, row.got_named, row.got_homes, row.got_unnamed) == (3, 2, 2, 1)
    assert "李桂芳" in browser.get(sent["Location"]).content.decode()


def test_a_household_stays_ticked_while_others_are_looked_for(people: People, sun: Viewer, signed_in: Any) -> None:
    page = signed_in(sun).post("/book/new/", _form(do="find", home=[str(people.home)], q_got="张福来")).content.decode()
    assert f'name="home" value="{people.home}" checked' in page
    assert "张福来" in page


def test_who_moved_away_is_not_of_the_household_any_more(people: People, sun: Viewer, signed_in: Any) -> None:
    with acting(sun):
        Person.objects.filter(pk=people.li).update(status="moved_out")
    browser = signed_in(sun)
    browser.post("/book/new/", _form(home=[str(people.home)]))
    with acting(sun):
        assert ServiceRecord.objects.get().got_heads == 1


def test_a_household_of_nobody_known_is_said_and_nothing_typed_is_lost(
    people: People, sun: Viewer, signed_in: Any
) -> None:
    with acting(sun):
        empty = Household.objects.create(community_id=people.community.id, number="9").pk
    for home in (str(empty), "x"):
        answer = signed_in(sun).post("/book/new/", _form(home=[home]))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "送米面油" in page
    with acting(sun):
        assert not ServiceRecord.objects.exists()


def test_a_resident_beside_their_own_household_would_be_counted_twice(write: Write, people: People) -> None:
    with pytest.raises(BadInput, match="两人次"):
        write(served=[Served(person=people.wang), Served(household=people.home, heads=2)])


def test_a_household_as_one_is_named_to_those_who_see_it(
    write: Write, people: People, sun: Viewer, liu: Viewer, signed_in: Any
) -> None:
    row = write(served=[Served(household=people.home, heads=2)], served_by=[ServedBy(organisation=people.team)])
    assert "王秀兰家，2 人次" in signed_in(sun).get(f"/book/{row.pk}/").content.decode()
    assert "一户，2 人次" in signed_in(liu).get(f"/book/{row.pk}/").content.decode()


def test_a_record_of_another_room_leads_there_instead_of_offering_a_form_that_is_refused(
    write: Write, chen: Viewer, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_sources", {})
    registry.register_source(registry.Source("tests.visit", "走访", lambda key: f"/visits/{key}/"))
    page = signed_in(chen).get(f"/book/{write(key='7').pk}/").content.decode()
    assert "去“走访”" in page
    assert 'name="reason"' not in page
