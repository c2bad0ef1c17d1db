"""Identity numbers, phones, addresses, columns and sheets as they come."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuhui.registry.people.rules.address import Door, parse_address
from fuhui.registry.people.rules.cards import categories_in
from fuhui.registry.people.rules.columns import propose
from fuhui.registry.people.rules.contact import normal_phone, normal_phones
from fuhui.registry.people.rules.dates import parse_date
from fuhui.registry.people.rules.entry import PersonEntry, check_entry
from fuhui.registry.people.rules.identity import WrongIdentity, check_digit, identity
from fuhui.registry.people.rules.sheets import find_layout, people_rows
from fuhui.registry.people.rules.words import DEFAULT_CATEGORIES

TODAY = date(2026, 3, 2)
CATEGORIES = {code: name for code, name, *_ in DEFAULT_CATEGORIES}


def test_the_standards_own_sample_is_right() -> None:
    found = identity("11010519491231002x", TODAY)
    assert (found.birth, found.sex, found.number[-1]) == (date(1949, 12, 31), "female", "X")


def test_an_old_card_of_15_digits_becomes_18() -> None:
    assert identity("110105491231002", TODAY).number == "11010519491231002X"


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_residence_permits_of_gang_ao_tai_follow_the_same_rule(prefix: str) -> None:
    first = f"{prefix}19900101001"
    assert "居住证" in identity(first + check_digit(first), TODAY).kind


def test_an_unknown_county_is_a_hint_and_never_an_error() -> None:
    first = "99999919900101001"
    assert identity(first + check_digit(first), TODAY).hints


@pytest.mark.parametrize(
    "text", ["", "123", "110105194912310021", "110105194913310021", "3.70611E+17", "11010520491231002X", "身份证"]
)
def test_wrong_numbers_are_explained(text: str) -> None:
    with pytest.raises(WrongIdentity) as told:
        identity(text, TODAY)
    assert str(told.value)


@given(st.text(max_size=30))
def test_no_text_crashes_the_check(text: str) -> None:
    checked = check_entry(PersonEntry(name=text, id_number=text, phone=text, birth=text, sex=text), TODAY)
    assert isinstance(checked.faults, dict)
    parse_address(text)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("199 0000 0001", "19900000001"),
        ("+86-199-0000-0001", "19900000001"),
        ("１９９０００００００１", "19900000001"),
        ("0535-6360000", "05356360000"),
        ("8619900000001", "19900000001"),
        ("19900000001.0", "19900000001"),
        ("1990000001", None),
        ("12345", None),
        ("没有", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert normal_phone(text) == phone


def test_two_phones_in_one_cell() -> None:
    assert normal_phones("19900000001/0535-6360000") == ["19900000001", "05356360000"]


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("3号楼2单元501", Door("", "3", "2", "501")),
        ("3-2-501", Door("", "3", "2", "501")),
        ("3栋2单元501室", Door("", "3", "2", "501")),
        ("13#-2-501", Door("", "13", "2", "501")),
        ("福惠花园3号楼2-501", Door("福惠花园", "3", "2", "501")),
        ("A座1201", Door("", "A", "", "1201")),
        ("福山区清洋街道福惠社区福惠花园12号楼1单元1102室", Door("福惠花园", "12", "1", "1102")),
        ("商业街12号", None),
    ],
)
def test_addresses(text: str, door: Door | None) -> None:
    assert parse_address(text) == door


@pytest.mark.parametrize("text", ["1980-1-2", "1980.01.02", "1980年1月2日", "19800102", "29222", "1980-01-02 00:00:00"])
def test_dates(text: str) -> None:
    assert parse_date(text) == date(1980, 1, 2)


def test_remarks_name_categories_but_not_their_negation() -> None:
    assert categories_in("低保、独居老人", CATEGORIES) == ["elder_alone", "low_income"]
    assert categories_in("非低保，已退出特困", CATEGORIES) == []
    assert "low_income" not in categories_in("低保边缘", CATEGORIES)


def test_title_rows_two_line_headings_and_merged_cells() -> None:
    rows = [
        ["居民登记表", "", "", "", "", ""],
        ["单位：福惠社区", "", "", "2026年3月", "", ""],
        ["序号", "姓名", "住址", "", "", "是否低保"],
        ["", "", "楼号", "单元", "室", ""],
        ["1", "王秀英", "3", "2", "501", "是"],
        ["序号", "姓名", "楼号", "单元", "室", "是否低保"],
        ["合计", "1", "", "", "", ""],
    ]
    layout = find_layout(rows, 6, CATEGORIES)
    assert layout.headings == ["序号", "姓名", "楼号", "单元", "室", "是否低保"]
    assert [number for number, _ in people_rows(rows, layout)] == [5]


def test_contents_decide_where_headings_say_nothing() -> None:
    columns = [
        ["王秀英", "张三丰"],
        ["11010519491231002X", "110105491231002"],
        ["19900000001", "0535-6360000"],
        ["3-2-501", "5-1-101"],
    ]
    fields = [guess.field for guess in propose(["A", "B", "", "D"], columns, CATEGORIES)]
    assert fields == ["name", "id_number", "phone", "address"]
