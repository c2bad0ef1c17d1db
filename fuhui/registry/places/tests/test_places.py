"""Divisions, communities, grids, buildings: changes and reads."""

from __future__ import annotations

import csv
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from django.test import Client

from fuhui.registry.places import actions, queries
from fuhui.registry.places.cli import import_divisions, shipped_rows
from fuhui.registry.places.queries import locate as places_locate
from fuhui.registry.places.tests.world import FUHUI, NEIGHBOUR, grid, install, open_community, square, viewer
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken, StalePage
from fuhui.shared.rows import stamp
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import Role, Viewer, system, visitor_in

pytestmark = pytest.mark.django_db


def test_the_shipped_divisions_are_imported_once() -> None:
    by = install()
    first = actions.import_divisions(by=by, rows=shipped_rows())
    again = actions.import_divisions(by=by, rows=shipped_rows())
    assert (first.created, first.changed) == (364, 0)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 364)
    fuhui = queries.region_by_code(FUHUI)
    assert fuhui is not None
    assert (fuhui.name, fuhui.level, fuhui.parent_id) == ("福惠社区居民委员会", "community", "370611001000")


def test_short_codes_of_other_lists_are_understood_and_a_new_name_corrects_the_old() -> None:
    by = install()
    rows = [{"代码": "37", "名称": "山东省"}, {"代码": "3706", "名称": "烟台市"}, {"代码": "370611", "名称": "福山"}]
    actions.import_divisions(by=by, rows=rows)
    done = actions.import_divisions(by=by, rows=[{"\ufeffcode": "370611", "name": "福山区"}])
    assert (done.created, done.changed) == (0, 1)


@pytest.mark.parametrize("row", [
    {"code": "37061", "name": "短"}, {"code": "abc", "name": "字母"}, {"code": "370611001", "name": ""}, {"x": "1"},
])
def test_one_bad_row_refuses_the_whole_file_and_is_named(row: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="第 3 行"):
        actions.import_divisions(by=install(), rows=[{"code": "37", "name": "山东省"}, row])
    assert queries.region_by_code("37") is None


def test_a_division_without_its_upper_level_is_refused() -> None:
    with pytest.raises(BadInput, match="370600000000"):
        actions.import_divisions(by=install(), rows=[{"code": "370611", "name": "福山区"}])


def test_the_command_imports_a_file_in_the_old_chinese_encoding(tmp_path: Path) -> None:
    file = tmp_path / "区划.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        writer = csv.DictWriter(out, ["code", "name", "parent"])
        writer.writeheader()
        writer.writerows(shipped_rows())
    done = CliRunner().invoke(import_divisions, [str(file)])
    assert done.exit_code == 0, done.output
    assert "新增 364" in done.output
    fuhui = queries.region_by_code(FUHUI)
    assert fuhui is not None
    assert fuhui.name == "福惠社区居民委员会"


def test_a_community_is_opened_once_and_only_by_operators() -> None:
    community = open_community()
    with pytest.raises(RuleBroken, match="已经开通"):
        actions.open_community(by=install(), region_code=FUHUI, name="福惠")
    with pytest.raises(BadInput):
        actions.open_community(by=install(), region_code="370611001", name="街道不是社区")
    chen = viewer("chen", Role.SECRETARY, community)
    with pytest.raises(NotAllowed):
        actions.open_community(by=chen, region_code=NEIGHBOUR, name="南关社区")


def test_a_grid_keeps_what_has_to_be_posted_and_says_what_is_missing() -> None:
    community = open_community()
    chen = viewer("chen", Role.SECRETARY, community)
    saved = actions.save_grid(by=chen, community_id=community.id, number=1, name="第1网格", staff_name="赵敏",
                              phone="199 0000 0001", areas=["福惠花园", "福惠花园", " "], border=square(121.26, 37.49))
    assert saved.areas == ["福惠花园"]
    card, = queries.grid_cards_for(chen, community)
    assert card.warnings == []
    bare = actions.save_grid(by=chen, community_id=community.id, number=2, name="第2网格",
                             border=square(121.261, 37.49))
    warnings = queries.grid_cards_for(chen, community)[1].warnings
    assert warnings[0] == "公示缺：网格员姓名、联系电话。"
    assert "与第1网格重叠约" in warnings[1]
    assert bare.number == 2


def test_a_grid_out_of_the_usual_size_is_a_warning_and_never_refused() -> None:
    community = open_community()
    one = grid(community)
    install(community.id)
    block = actions.save_building(by=system("t", community.id), community_id=community.id, grid_id=one.id, name="1号楼")
    actions.homes_create(by=system("t", community.id), community_id=community.id,
                         doors=[(block.id, "1", str(room)) for room in range(150)])
    card, = queries.grid_cards_for(system("t", community.id), community)
    assert card.homes == 150
    assert "有 150 户，通常一个网格 200–500 户。" in card.warnings
    actions.change_community(by=system("t", community.id), community_id=community.id, name="福惠社区", phone="",
                             supervision_phone="", address="", settings={"grid_households": [100, 300]})
    community.refresh_from_db()
    again, = queries.grid_cards_for(system("t", community.id), community)
    assert not any("通常" in words for words in again.warnings)


def test_a_number_in_use_a_wrong_phone_and_a_stale_page_are_refused_with_a_sentence() -> None:
    community = open_community()
    by = system("t", community.id)
    one = grid(community)
    with pytest.raises(RuleBroken, match="编号"):
        actions.save_grid(by=by, community_id=community.id, number=1, name="另一个")
    with pytest.raises(BadInput, match="不是电话"):
        actions.save_grid(by=by, community_id=community.id, number=2, name="第2网格", phone="12")
    seen = stamp(one)
    actions.save_grid(by=by, community_id=community.id, grid_id=one.id, number=1, name="中心网格", seen=seen)
    with pytest.raises(StalePage):
        actions.save_grid(by=by, community_id=community.id, grid_id=one.id, number=1, name="旧页面", seen=seen)


def test_zhao_keeps_the_buildings_of_her_own_grid_only() -> None:
    community = open_community()
    mine, other = grid(community, 1), grid(community, 2)
    zhao = viewer("zhao", Role.GRID_WORKER, community, grid_id=mine.id)
    block = actions.save_building(by=zhao, community_id=community.id, grid_id=mine.id, name="1号楼")
    with pytest.raises(NotAllowed):
        actions.save_building(by=zhao, community_id=community.id, grid_id=other.id, name="2号楼")
    with pytest.raises(NotAllowed):
        actions.save_grid(by=zhao, community_id=community.id, grid_id=mine.id, number=1, name="x")
    assert actions.homes_create(by=zhao, community_id=community.id, doors=[(block.id, "1", "101")])


def test_doors_are_added_once_and_asked_for_again_have_the_same_ids() -> None:
    community = open_community()
    by = system("t", community.id)
    block = actions.save_building(by=by, community_id=community.id, grid_id=grid(community).id, name="1号楼")
    wanted = [(block.id, "1", "101"), (block.id, "1", "102"), (block.id, "1", "101")]
    first = actions.homes_create(by=by, community_id=community.id, doors=wanted)
    assert actions.homes_create(by=by, community_id=community.id, doors=wanted[:2]) == first
    assert len(first) == 2
    with pytest.raises(BadInput):
        actions.homes_create(by=by, community_id=community.id, doors=[(uuid4(), "1", "101")])


def test_the_neighbours_secretary_sees_and_changes_nothing_here() -> None:
    community = open_community()
    one = grid(community)
    neighbour = open_community(NEIGHBOUR, "南关社区")
    li = viewer("li", Role.SECRETARY, neighbour)
    assert list(queries.grids_for(li, community.id)) == []
    with pytest.raises(NotFound):
        queries.grid_for(li, one.id)
    with pytest.raises(NotAllowed):
        actions.save_grid(by=li, community_id=community.id, grid_id=one.id, number=1, name="抢占")
    with pytest.raises(NotFound):
        places_locate(community.id, building="1号楼")
    assert list(queries.Grid.objects.filter(community_id=community.id)) == [], "row-level security hides it as well"


@pytest.fixture
def estate() -> tuple[UUID, dict[str, UUID]]:
    """Two estates that both have a building 3, in grids 1 and 2."""
    community = open_community()
    by = system("t", community.id)
    ids: dict[str, UUID] = {}
    for number, area in ((1, "福惠花园"), (2, "海河家园小区")):
        one = grid(community, number, areas=[area], border=square(121.26 + number * 0.002, 37.49))
        ids[f"grid{number}"] = one.id
        block = actions.save_building(by=by, community_id=community.id, grid_id=one.id, area=area, name="3号楼")
        ids[f"block{number}"] = block.id
        homes = actions.homes_create(by=by, community_id=community.id, doors=[(block.id, "2", "301")])
        ids[f"home{number}"] = homes[block.id, "2", "301"]
    single = actions.save_building(by=by, community_id=community.id, grid_id=ids["grid1"], area="福惠花园", name="12栋")
    ids["single"] = single.id
    return community.id, ids


def test_words_lead_to_the_door(estate: tuple[UUID, dict[str, UUID]]) -> None:
    community_id, ids = estate
    found = places_locate(community_id, building="三栋", unit="二单元", room="301室", area="海河家园")
    assert (found.grid_id, found.building_id, found.home_id) == (ids["grid2"], ids["block2"], ids["home2"])
    assert found.explain_zh == "找到海河家园小区3号楼，属于第2网格。"


def test_the_group_decides_between_two_buildings_of_one_name(estate: tuple[UUID, dict[str, UUID]]) -> None:
    community_id, ids = estate
    hinted = places_locate(community_id, building="3号楼", grid_hint=ids["grid1"])
    assert hinted.building_id == ids["block1"]
    open_question = places_locate(community_id, building="3号楼")
    assert open_question.building_id is None
    assert "有 2 栋" in open_question.explain_zh
    assert places_locate(community_id, building="12号楼", grid_hint=ids["grid2"]).building_id == ids["single"]


def test_what_words_leave_open_stays_open(estate: tuple[UUID, dict[str, UUID]]) -> None:
    community_id, ids = estate
    assert places_locate(community_id).grid_id is None
    assert places_locate(community_id, area="福惠花园").grid_id == ids["grid1"]
    assert places_locate(community_id, building="99号楼", grid_hint=ids["grid2"]).grid_id == ids["grid2"]
    assert places_locate(community_id, building="3号楼", room="909", grid_hint=ids["grid1"]).home_id is None
    assert places_locate(community_id, grid_hint=uuid4()).grid_id is None


def test_a_point_is_in_its_grid(estate: tuple[UUID, dict[str, UUID]]) -> None:
    community_id, ids = estate
    assert queries.grid_of_point(community_id, 121.263, 37.491) == ids["grid1"]
    assert queries.grid_of_point(community_id, 121.265, 37.491) == ids["grid2"]
    assert queries.grid_of_point(community_id, 120.0, 37.491) is None


def test_everybody_may_read_the_board(client: Client) -> None:
    community = open_community()
    grid(community, staff_name="赵敏", phone="19900000001", areas=["福惠花园"])
    page = client.get(f"/grids/{FUHUI}/")
    text = page.content.decode()
    for words in ("第1网格", "福惠花园", "赵敏", "19900000001", "0535-6360000"):
        assert words in text
    assert client.get("/grids/370611001999/").status_code == 404


def test_a_visitor_reads_the_posted_grids_of_one_community() -> None:
    community = open_community()
    grid(community)
    guest: Viewer = visitor_in(community.id)
    scope.enter(guest)
    assert queries.grids_for(guest, community.id).count() == 1
    with pytest.raises(NotAllowed):
        actions.save_grid(by=guest, community_id=community.id, number=2, name="x")
