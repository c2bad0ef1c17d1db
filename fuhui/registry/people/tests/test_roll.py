"""A signed list is read as people write it."""

from __future__ import annotations

import pytest

from fuhui.registry.people.rules.roll import MOST_LINES, RollLine, read_roll
from fuhui.shared.errors import BadInput


def test_names_phones_and_companions_in_any_usual_form() -> None:
    text = "序号\t姓名\t电话\n1\t王秀兰\t19900001001\n2、李建国，199-0000-1002，3人\n\n"
    text += "张 伟\u30002\n陈静 舞蹈 19900001004\n"
    assert read_roll(text) == [
        RollLine(2, "王秀兰", "19900001001"),
        RollLine(3, "李建国", "19900001002", 3),
        RollLine(5, "张伟", "", 2),
        RollLine(6, "陈静", "19900001004", 1, ("舞蹈",)),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "是空的"), ("姓名 电话", "是空的"), ("王秀兰\n19900001001", "第 2 行"), ("王秀兰 99人", "人数"),
     ("王秀兰\n" * (MOST_LINES + 1), "分几次")],
)
def test_what_is_no_list_is_refused_with_the_line(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_roll(text)
    assert said in caught.value.message
    assert caught.value.details["field"] == "roll"
