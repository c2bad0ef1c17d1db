"""Day one: the list that the community already keeps comes in whole, or not at all, and goes out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from fuhui.registry.people import actions, queries
from fuhui.registry.people.importing import later
from fuhui.registry.people.models import AttributeCard, Household, ImportBatch, ImportChange, Person
from fuhui.registry.people.tests.world import World, community, entry, id_number, workbook
from fuhui.registry.places.models import Building, Home
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system

pytestmark = pytest.mark.django_db

HEADINGS = ("序号", "姓名", "性别", "身份证号码", "楼号", "单元", "室", "联系电话", "与户主关系", "是否低保", "备注")
WANG = (1, "王秀英", "女", id_number(2), "3号楼", "2", "501", "19900000001", "户主", "是", "独居")
ZHANG = (2, "张建国", "男", id_number(1, "19380505"), "3号楼", "2", "501", "19900000002", "配偶", "否", "")
LI = (3, "李强", "男", "", "5号楼", "1", "101", "199 0000 0003", "户主", "", "")


@pytest.fixture
def here() -> World:
    return community()


@pytest.fixture
def chen(here: World) -> Viewer:
    return here.staff(Role.SECRETARY)


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def jobs_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("check", "run", "undo"):
        monkeypatch.setitem(later._known, name, lambda community, batch: None)


def _upload(chen: Viewer, here: World, content: bytes, name: str = "名册.xlsx") -> ImportBatch:
    return actions.upload_list(by=chen, community_id=here.id, file_name=name, chunks=[content])


def _check(chen: Viewer, batch: ImportBatch, **more: Any) -> ImportBatch:
    mapping = {int(column): name for column, name in batch.mapping.items()}
    actions.map_import(by=chen, batch_id=batch.pk, mapping=mapping, **more)
    return actions.check_import(by=chen, batch_id=batch.pk)


def _import(chen: Viewer, here: World, *rows: tuple[Any, ...], **more: Any) -> ImportBatch:
    batch = _check(chen, _upload(chen, here, workbook(HEADINGS, *rows)), **more)
    assert batch.state == "checked", batch.error
    actions.start_import(by=chen, batch_id=batch.pk)
    done = actions.run_import(by=system("people.import", here.id), batch_id=batch.pk)
    assert done.state == "done", done.error
    return done


def _undo(chen: Viewer, here: World, batch_id: UUID) -> ImportBatch:
    actions.start_undo(by=chen, batch_id=batch_id)
    return actions.undo_import(by=system("people.undo", here.id), batch_id=batch_id)


def test_a_list_with_titles_and_two_line_headings_comes_in(here: World, chen: Viewer) -> None:
    content = workbook(
        ("福惠社区居民登记表",),
        ("单位：福惠社区", None, None, "2026年3月"),
        ("序号", "姓名", "性别", "身份证号码", "住址", None, None, "联系电话", "关系", "低保", "备注"),
        (None, None, None, None, "楼", "单元", "室"),
        WANG,
        ZHANG,
        ("合计", 2),
    )
    batch = _check(chen, _upload(chen, here, content))
    assert (batch.counts["new"], batch.counts["bad"]) == (2, 0)
    actions.start_import(by=chen, batch_id=batch.pk)
    done = actions.run_import(by=system("people.import", here.id), batch_id=batch.pk)
    assert done.state == "done"
    wang = queries.people_for(chen, community_id=here.id, words="王秀英").people[0]
    assert (str(wang.household.home.building), wang.household.home.room, wang.relation) == (
        "福惠花园3号楼",
        "501",
        "户主",
    )
    assert {card.category.code for card in queries.cards_of(wang)} == {"low_income", "elder_alone"}
    assert Household.objects.count() == 1


def test_importing_again_doubles_nobody(here: World, chen: Viewer) -> None:
    _import(chen, here, WANG, ZHANG, LI)
    again = _check(chen, _upload(chen, here, workbook(HEADINGS, WANG, ZHANG, LI)))
    assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (0, 0, 3)
    with pytest.raises(RuleBroken):
        actions.start_import(by=chen, batch_id=again.pk)
    later_list = _import(
        chen,
        here,
        (1, "王秀英", "女", id_number(2), "", "", "", "", "", "", ""),
        (2, "李强", "男", id_number(3, "19700101"), "5号楼", "1", "101", "19900000003", "户主", "", ""),
    )
    assert Person.objects.count() == 3
    assert later_list.counts["changed"] == 1
    assert Person.objects.get(name="李强").id_index


def test_undo_removes_what_came_and_restores_what_changed(here: World, chen: Viewer) -> None:
    li = actions.register_person(
        by=chen, community_id=here.id, entry=entry("李强", phone="19900000003"), address="5号楼1单元101"
    )
    batch = _import(chen, here, WANG, ZHANG, (*LI[:3], id_number(3, "19700101"), *LI[4:]), existing="overwrite")
    assert Person.objects.get(pk=li.pk).sex == "male"
    done = _undo(chen, here, batch.pk)
    assert done.state == "undone", done.error
    assert [(one.name, one.sex, one.phone, one.id_number) for one in Person.objects.all()] == [
        ("李强", "", "19900000003", None)
    ]
    assert (
        Household.objects.count(),
        Home.objects.count(),
        AttributeCard.objects.count(),
        ImportChange.objects.count(),
    ) == (1, 1, 0, 0)
    assert done.counts["removed"] == 2
    with pytest.raises(RuleBroken):
        actions.start_undo(by=chen, batch_id=batch.pk)


def test_undo_leaves_people_who_were_worked_on_since(here: World, chen: Viewer) -> None:
    batch = _import(chen, here, WANG, ZHANG)
    wang = Person.objects.get(name="王秀英")
    actions.correct_person(by=chen, person_id=wang.pk, entry=entry("王秀瑛"), version=1, keep_id=True, keep_phone=True)
    done = _undo(chen, here, batch.pk)
    assert (done.counts["kept"], done.counts["removed"]) == (1, 1)
    assert Person.objects.get().name == "王秀瑛"


def test_bad_rows_are_explained_and_hold_the_list_back(here: World, chen: Viewer) -> None:
    wrong = (
        4,
        "赵六",
        "男",
        id_number(5)[:-1] + "0" if id_number(5)[-1] != "0" else id_number(5)[:-1] + "1",
        "3号楼",
        "1",
        "101",
        "1990000",
        "户主",
        "",
        "",
    )
    batch = _check(
        chen,
        _upload(chen, here, workbook(HEADINGS, WANG, wrong, (5, "", "男", "", "3", "1", "102", "", "", "", ""), WANG)),
    )
    found = {(one["row"], one["field"]) for one in batch.problems}
    assert {(3, "证件号"), (3, "电话"), (4, "姓名"), (5, "证件号")} <= found
    assert all(one["reason"] for one in batch.problems)
    assert id_number(2) not in str(batch.problems)
    with pytest.raises(RuleBroken):
        actions.start_import(by=chen, batch_id=batch.pk)
    assert Person.objects.count() == 0
    actions.start_import(by=chen, batch_id=batch.pk, leave_out_bad=True)
    assert actions.run_import(by=system("x", here.id), batch_id=batch.pk).counts["new"] == 1


def test_unknown_buildings_wait_for_a_grid_and_are_made(here: World, chen: Viewer) -> None:
    row = (1, "孙八", "男", "", "99号楼", "1", "101", "", "户主", "", "")
    batch = _check(chen, _upload(chen, here, workbook(HEADINGS, row)))
    assert batch.counts["bad"] == 1
    assert batch.options["unknown_buildings"] == [["99号楼", ""]]
    done = _import(chen, here, row, grids={"99号楼": str(here.grids[1])})
    assert done.counts["buildings_new"] == 1
    assert Building.objects.get(name="99号楼").grid_id == here.grids[1]
    _undo(chen, here, done.pk)
    assert not Building.objects.filter(name="99号楼").exists()


def test_a_failing_import_writes_nothing(here: World, chen: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    from fuhui.registry.people.importing.writing import Writer

    def broken(self: Writer, ids: object) -> None:
        raise RuleBroken("test", "中途出错")

    monkeypatch.setattr(Writer, "_write_cards", broken)
    batch = _check(chen, _upload(chen, here, workbook(HEADINGS, WANG)))
    actions.start_import(by=chen, batch_id=batch.pk)
    failed = actions.run_import(by=system("x", here.id), batch_id=batch.pk)
    assert (failed.state, failed.error) == ("failed", "中途出错")
    assert (Person.objects.count(), Household.objects.count(), Home.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_any_encoding(here: World, chen: Viewer, encoding: str) -> None:
    text = "姓名,电话,住址\n王秀英,19900000001,3-2-501\n李强,19900000002,5号楼1单元101\n"
    batch = _check(chen, _upload(chen, here, text.encode(encoding), "名册.csv"))
    assert batch.counts["new"] == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "图片"),
        (b"", "空的"),
        (workbook(), "空的"),
        (b"PK\x03\x04broken", "不完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (workbook(tuple(f"列{n}" for n in range(300))), "300 列"),
        (b"\x00\x01\x02\x03" * 50, "不是表格"),
    ],
)
def test_what_is_no_list_is_told(here: World, chen: Viewer, content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as told:
        _upload(chen, here, content)
    assert words in told.value.message
    assert ImportBatch.objects.count() == 0


def test_a_file_of_200_mb_is_refused_unread(here: World, chen: Viewer) -> None:
    read: list[bytes] = []

    def parts() -> Iterator[bytes]:
        read.append(b"x")
        yield b"x"

    with pytest.raises(BadInput):
        actions.upload_list(by=chen, community_id=here.id, file_name="x.xlsx", chunks=parts(), size=200 * 1024 * 1024)
    assert read == []


def test_grid_workers_do_not_import_and_others_do_not_see_it(here: World, chen: Viewer) -> None:
    with pytest.raises(NotAllowed):
        _upload(here.staff(Role.GRID_WORKER, here.grids[0]), here, workbook(HEADINGS, WANG))
    batch = _upload(chen, here, workbook(HEADINGS, WANG))
    there = community("370611001001", "南关社区").staff()
    with acting(there), pytest.raises(NotFound):
        queries.batch_for(there, batch.pk)


def test_a_number_that_the_spreadsheet_rounded_is_explained(here: World, chen: Viewer) -> None:
    batch = _check(chen, _upload(chen, here, workbook(("姓名", "身份证号"), ("王秀英", 370611194001010020))))
    assert "科学计数" in batch.problems[0]["reason"]
