# ruff: noqa: E501, DTZ001, PT017
"""Reading chats: every form, every trap, hostile input."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest

from fuhui.triage import UnreadableChat, read_chat
from fuhui.triage.tests.helpers import data_file

PHONE = (
    '微信群"福惠3网格居民群"的聊天记录如下:\n\n\n—————  2026-03-12  —————\n\n\n王阿姨3-2-501  08:54\n\n'
    "3号楼灯不亮\n\n昨天也不亮\n\n老张12:00-21:00在  14:30\n\n[图片: a.png.jpg(请在附件中查看)]\n"
)
FORMS = {
    "a_phone_forward_group.txt": ("phone_forward", 4), "a2_phone_forward_private.txt": ("phone_forward", 2),
    "b_pc_copy_date.txt": ("pc_dated", 2), "b2_pc_copy_short.txt": ("pc_short", 3),
    "c_memotrace.csv": ("memotrace_csv", 2), "c2_memotrace.txt": ("memotrace_txt", 2),
    "d_chatlog.csv": ("chatlog_csv", 1), "d2_chatlog.json": ("chatlog_json", 2),
    "d3_chatlog.txt": ("chatlog_txt", 2), "e_qq.txt": ("qq_txt", 2),
    "f_wecom_aibot_group.json": ("wecom_json", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_every_sample_is_recognised_and_read_whole(name: str) -> None:
    chat = read_chat(data_file(f"chat_formats/{name}").read_bytes(), date=date(2026, 3, 12))
    assert (chat.format, len(chat.messages)) == FORMS[name]
    assert chat.unparsed == []


def test_a_copied_group_equals_its_labelled_source() -> None:
    copied = read_chat(data_file("practice_copy.txt").read_bytes())
    source = read_chat(data_file("practice.jsonl").read_bytes())
    wanted = [(m.sender, m.text) for m in source.messages[: len(copied.messages)]]
    assert [(m.sender, m.text) for m in copied.messages] == wanted
    assert len(copied.messages) == 42


def test_a_nickname_may_hold_times_and_the_title_gives_the_group() -> None:
    chat = read_chat(PHONE)
    assert [m.sender for m in chat.messages] == ["王阿姨3-2-501", "老张12:00-21:00在"]
    assert chat.group == "福惠3网格居民群"
    assert chat.messages[0].text == "3号楼灯不亮\n\n昨天也不亮"
    assert chat.messages[1].media == ("图片",)
    assert chat.messages[1].time == datetime(2026, 3, 12, 14, 30)


def test_overlapping_pastes_are_read_once() -> None:
    once, twice = read_chat(PHONE), read_chat(PHONE + "\n" + PHONE)
    assert twice.messages == once.messages
    assert any("重复" in warning for warning in twice.warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings_and_line_ends_do_not_matter(encoding: str) -> None:
    data = PHONE.replace("\n", "\r\n").encode(encoding)
    assert [m.text for m in read_chat(data).messages] == [m.text for m in read_chat(PHONE).messages]


def test_nul_bytes_are_dropped_with_a_warning() -> None:
    chat = read_chat(PHONE.replace("灯", "\x00灯").encode())
    assert chat.messages[0].text.startswith("3号楼灯")
    assert any("空字符" in warning for warning in chat.warnings)


@pytest.mark.parametrize(
    ("head", "hour"),
    [
        ("王姨 2026/3/12 08:54", 8), ("王姨 2026年3月12日 下午2:05", 14), ("王姨 2026-03-12 08：54", 8),
        ("王姨(2026-03-12 20:01)", 20), ("王姨 2026.3.12 上午9:30", 9),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_time_are_understood(head: str, hour: int) -> None:
    chat = read_chat(f"{head}\n楼道灯不亮\n\n")
    assert chat.messages[0].sender == "王姨"
    assert chat.messages[0].time is not None
    assert (chat.messages[0].time.date(), chat.messages[0].time.hour) == (date(2026, 3, 12), hour)


def test_clocks_alone_ask_for_the_day_and_pass_midnight() -> None:
    text = "甲 23:50\n还没睡\n\n乙 00:10\n我也是\n"
    assert read_chat(text).needs_date
    chat = read_chat(text, date=date(2026, 3, 12))
    assert [m.time and m.time.day for m in chat.messages] == [12, 13]


def test_a_missing_year_is_taken_from_the_day_given() -> None:
    text = "甲(wxid_a) 12-31 23:00:00\n新年好\n\n乙(wxid_b) 01-01 00:10:00\n好\n"
    chat = read_chat(text, date=date(2026, 1, 1))
    assert [m.time and m.time.year for m in chat.messages] == [2025, 2026]


def test_a_time_inside_a_notice_opens_no_message() -> None:
    text = "甲 2026-03-12 08:00\n通知\n集合时间 2026-03-13 09:00\n别迟到\n\n乙 2026-03-12 08:01\n收到\n\n丙 2026-03-12 08:02\n好\n"
    assert [m.sender for m in read_chat(text).messages] == ["甲", "乙", "丙"]


def test_lines_before_the_first_header_are_reported() -> None:
    chat = read_chat("这是半句话\n甲 2026-03-12 08:00\n在\n")
    assert [(u.number, u.text) for u in chat.unparsed] == [(1, "这是半句话")]


def test_a_broken_json_line_costs_only_itself() -> None:
    good = '{"id":"1","group":"g","sender":"a","time":"2026-03-12 08:00:00","text":"x"}'
    chat = read_chat(f'{good}\n{{"id": "2", "tex\n{good.replace("1", "3", 1)}')
    assert [m.id for m in chat.messages] == ["1", "3"]
    assert [u.number for u in chat.unparsed] == [2]


def test_a_cut_off_json_list_keeps_what_came_before() -> None:
    item = '{"time":"2026-03-12T08:54:00+08:00","talkerName":"群","senderName":"甲","type":1,"content":"停水"}'
    chat = read_chat(f"[{item},\n{item.replace('54', '55')},\n" + item[:60])
    assert len(chat.messages) == 2
    assert len(chat.unparsed) == 1


def test_an_open_quote_in_a_table_costs_only_its_row() -> None:
    rows = 'Time,SenderName,Sender,TalkerName,Talker,Content\n2026-03-12 08:54:00,甲,a,群,g,"坏\n2026-03-12 08:55:00,乙,b,群,g,好\n'
    chat = read_chat(rows)
    assert chat.messages[-1].sender == "乙"


HEAD = "Time,SenderName,Sender,TalkerName,Talker,Content\n"


@pytest.mark.parametrize("broken", ["坏了的一行", '坏"的', "2026-03-12 08:5", "a,b,c,d,e,f", '"', '2026-03-12 08:54:30,甲,a'])
def test_broken_table_rows_cost_only_themselves(broken: str) -> None:
    good = [f"2026-03-12 08:{minute:02},甲,a,群,g,第{minute}条" for minute in range(10)]
    chat = read_chat(HEAD + "".join(f"{line}\n{broken}\n" for line in good))
    assert [m.text for m in chat.messages] == [f"第{minute}条" for minute in range(10)]
    assert [u.number for u in chat.unparsed] == list(range(3, 23, 2))
    assert all(u.reason for u in chat.unparsed)


def test_a_quoted_message_keeps_its_lines() -> None:
    chat = read_chat(HEAD + '2026-03-12 08:54:00,甲,a,群,g,"一\n二 ""三"""\n2026-03-12 08:55:00,乙,b,群,g,好\n')
    assert [m.text for m in chat.messages] == ['一\n二 "三"', "好"]
    assert chat.unparsed == []


@pytest.mark.parametrize("lines", [1, 3])
def test_half_an_emoji_costs_no_message(lines: int) -> None:
    line = '{"id":"%d","group":"g","sender":"甲\\ud83d","time":"2026-03-12 08:00:00","text":"停水了\\ude00"}\n'
    chat = read_chat("".join(line % n for n in range(lines)))
    assert [(m.sender, m.text) for m in chat.messages] == [("甲\ufffd", "停水了\ufffd")] * lines


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), ("  \n", "empty"), (b"PK\x03\x04rest", "binary"), (b"\x89PNG\r\n", "binary"),
        (bytes(range(128, 256)) * 9, "encoding"), ("只是一段话，没有人名和时间。", "unknown_format"),
        ("<html><body>x</body></html>", "html"), ("[1,2,3]", "unknown_format"), ('{"a": 1}', "unknown_format"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do_in_chinese(data: bytes | str, code: str) -> None:
    with pytest.raises(UnreadableChat) as caught:
        read_chat(data)
    assert caught.value.code == code
    assert "请" in caught.value.message_zh


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableChat, match="分成几份"):
        read_chat(b"x" * 1001, limit=1000)


HOSTILE = {
    "one line of 10 MB": PHONE + "王" * 3_400_000,
    "a header repeated 100,000 times": "甲 2026-03-12 08:54\n在\n\n" * 100_000,
    "deep JSON": "[" * 3_000_000,
    "deep JSON in a list": '[{"a":' + "[" * 1_000_000,
    "open quotes": '[{"a": "' + '\\"' * 1_000_000,
    "a table of quotes": "Time,SenderName,Sender,TalkerName,Talker,Content\n" + '2026-03-12 08:54:00,"' * 200_000,
    "spaces": "甲" + " " * 3_000_000 + "08:54",
    "colons": "甲:\n" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_in_time(name: str) -> None:
    began = time.process_time()
    try:
        read_chat(HOSTILE[name])
    except UnreadableChat as error:
        assert error.message_zh
    assert time.process_time() - began < 20


def test_ids_are_stable_and_distinct() -> None:
    text = "甲 2026-03-12 08:54\n在\n\n甲 2026-03-12 08:55\n在\n"
    first, second = read_chat(text), read_chat(text)
    assert [m.id for m in first.messages] == [m.id for m in second.messages]
    assert len({m.id for m in first.messages}) == 2
