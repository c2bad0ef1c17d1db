"""Codes, door names, phones and borders."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuhui.registry.places.rules.borders import border_area, checked_border, overlaps, read_border
from fuhui.registry.places.rules.names import area_key, building_key, doors, public_phone, room_key, unit_key
from fuhui.registry.places.tests.world import square
from fuhui.shared.errors import BadInput


@pytest.mark.parametrize("words", ["3", "3号楼", "3栋", "三幢", "３＃", "03", "3号", "三号楼"])
def test_every_way_to_write_building_three_is_the_same_building(words: str) -> None:
    assert building_key(words) == "3"


@pytest.mark.parametrize(("words", "number"), [("十二号楼", "12"), ("二十栋", "20"), ("一百零三号楼", "103")])
def test_chinese_numerals_are_numbers(words: str, number: str) -> None:
    assert building_key(words) == number


def test_a_building_without_a_number_keeps_its_name() -> None:
    assert building_key("综合楼") == "综合"
    assert building_key("楼") == "楼"


def test_units_rooms_and_estates_are_compared_without_their_words() -> None:
    assert unit_key("二单元") == unit_key("2") == "2"
    assert room_key("301室") == room_key("301") == "301"
    assert area_key("福惠花园小区") == area_key("福惠花园") == "福惠花园"


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    for read in (building_key, unit_key, room_key, area_key):
        assert read(read(text)) == read(read(read(text)))


@given(st.text(max_size=30))
def test_a_phone_is_a_phone_or_a_sentence(text: str) -> None:
    with suppress(BadInput):
        public_phone(text, "phone")


def test_an_ordinary_building_has_its_doors_by_unit_and_floor() -> None:
    assert doors(2, 3, 2)[:3] == [("1", "101"), ("1", "102"), ("1", "201")]
    assert len(doors(2, 3, 2)) == 12


def test_a_pasted_border_is_closed_rounded_and_keeps_its_ground() -> None:
    open_ring = {"type": "Polygon", "coordinates": [square(121.26, 37.49)["coordinates"][0][:-1]]}
    border = read_border(json.dumps({"type": "Feature", "geometry": open_ring, "properties": {}}))
    assert border is not None
    assert border["coordinates"][0][0] == border["coordinates"][0][-1]
    assert border_area(border) == pytest.approx(39_300, rel=0.01)


@pytest.mark.parametrize("text", [
    "{", "[]", "3", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon", "coordinates": []}',
    '{"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}', '{"type": "Polygon", "coordinates": "x"}',
    '{"type": "Polygon", "coordinates": [[["a", 2], [3, 4], [5, 6], [1, 2]]]}',
    '{"type": "Polygon", "coordinates": [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}',
    '{"type": "Polygon", "coordinates": [[[37,121],[38,121],[38,122],[37,121]]]}',
    '{"type": "Polygon", "coordinates": [[[1e999,0],[1,1],[1,0],[1e999,0]]]}',
    '{"type": "FeatureCollection", "features": []}', "[" * 20000,
])
def test_what_is_no_border_gets_a_sentence(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_border(text)
    assert refused.value.details["field"] == "border"


def test_an_empty_border_is_a_grid_not_drawn_yet() -> None:
    assert read_border("  ") is None


def test_neighbours_that_touch_do_not_overlap_and_careless_slivers_are_forgiven() -> None:
    left, right = checked_border(square(121.26, 37.49)), checked_border(square(121.262, 37.49))
    sliver = checked_border(square(121.26199, 37.49))
    assert overlaps(left, {"右": right}) == []
    assert overlaps(left, {"右": sliver}) == []
    half = overlaps(left, {"右": checked_border(square(121.261, 37.49))})
    assert [found.name for found in half] == ["右"]
    assert half[0].square_metres == pytest.approx(19_650, rel=0.02)
