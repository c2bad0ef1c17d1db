"""Chats as tables: MemoTrace, chatlog, and any table with sender, time and text columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fuhui.triage.read.decode import COPY_HINT
from fuhui.triage.read.objects import SHARES, TYPES
from fuhui.triage.read.times import parse_stamp
from fuhui.triage.read.transcript import Draft, UnparsedLine, UnreadableChat

BROKEN = "这一行的列数或内容不对"
COLUMNS = {
    "time": ("strtime", "time", "createtime", "时间", "发送时间"),
    "sender": ("remark", "nickname", "sendername", "sender", "发送人", "发言人", "昵称", "发送者"),
    "text": ("strcontent", "content", "text", "内容", "消息", "消息内容"),
    "group": ("talkername", "group", "群", "群名", "群聊"),
    "id": ("id",),
}


@dataclass(frozen=True, slots=True)
class _Columns:
    time: tuple[int, ...]
    sender: tuple[int, ...]
    text: int
    group: int | None
    id: int | None
    type: int | None
    sub: int | None
    width: int
    form: str


def looks_like_table(text: str) -> bool:
    """True when the first line names a time, a sender and a content column."""
    return _columns(text.split("\n", 1)[0]) is not None


def read_table(
    text: str, group: str | None
) -> tuple[str, str | None, list[Draft], list[UnparsedLine]]:
    """Format, group, drafts and unparsed rows. An open quote costs its own row only."""
    head, _, rest = text.partition("\n")
    columns = _columns(head)
    if columns is None:
        raise UnreadableChat("unknown_format", "表格第一行要有时间、发送人、内容三列。" + COPY_HINT)
    drafts: list[Draft] = []
    unparsed: list[UnparsedLine] = []
    for number, record in _records(rest, "\t" if "\t" in head else ",", columns):
        draft = _draft(record, columns, group)
        if draft is None:
            unparsed.append(UnparsedLine(number, ",".join(record), BROKEN))
        else:
            drafts.append(draft)
    if not drafts:
        raise UnreadableChat("empty", "表格里没有读到一条发言。请检查导出时有没有选中消息。")
    return columns.form, drafts[0].group or None, drafts, unparsed


def _columns(line: str) -> _Columns | None:
    if len(line) > 2000 or not ("," in line or "\t" in line):
        return None
    names = [cell.strip().strip('"').lower() for cell in re.split(r"[,\t]", line)]
    found = {
        key: tuple(names.index(word) for word in words if word in names)
        for key, words in COLUMNS.items()
    }
    if not (found["time"] and found["sender"] and found["text"]):
        return None
    form = "memotrace_csv" if "strcontent" in names else "table_csv"
    form = "chatlog_csv" if "talkername" in names else form
    return _Columns(
        found["time"], found["sender"], found["text"][0],
        found["group"][0] if found["group"] else None,
        found["id"][0] if found["id"] else None,
        names.index("type") if "type" in names else None,
        names.index("subtype") if "subtype" in names else None,
        len(names), form,
    )  # fmt: skip


def _records(text: str, delimiter: str, columns: _Columns) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line they start on (the heading is line 1).

    Lines are joined only inside an open quote, and only until the next line that is a message of its own:
    then, and where the quote never closes, every held line stands alone and costs nothing but itself.
    """
    held: list[str] = []
    start, quotes = 2, 0
    for number, line in enumerate(text.split("\n"), start=2):
        if held and _draft(_cells([line], delimiter), columns, None) is not None:
            yield from _alone(held, start, delimiter)
            held, quotes = [], 0
        if not held:
            start = number
        if held or line.strip():
            held.append(line)
            quotes += line.count('"')
        if held and quotes % 2 == 0:
            yield from _closed(held, start, delimiter, columns)
            held, quotes = [], 0
    yield from _alone(held, start, delimiter)


def _closed(
    held: list[str], start: int, delimiter: str, columns: _Columns
) -> Iterator[tuple[int, list[str]]]:
    """Lines joined by a quote that closed; apart again where together they are no message."""
    record = _cells(held, delimiter)
    if len(held) == 1 or _draft(record, columns, None) is not None:
        yield start, record
    else:
        yield from _alone(held, start, delimiter)


def _alone(held: list[str], start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(held, start):
        if line.strip():
            yield number, _cells([line], delimiter)


def _cells(lines: list[str], delimiter: str) -> list[str]:
    record = "\n".join(lines).rstrip("\n")
    csv.field_size_limit(max(csv.field_size_limit(), len(record) + 1))
    try:
        rows = list(csv.reader([record + "\n"], delimiter=delimiter))
    except csv.Error:
        return [record]
    return [cell for row in rows for cell in row]


def _draft(record: list[str], columns: _Columns, group: str | None) -> Draft | None:
    if len(record) < columns.width:
        return None
    cells = [cell.strip() for cell in record]
    sender = next((cells[index] for index in columns.sender if cells[index]), "")
    moment = next((t for index in columns.time if (t := parse_stamp(cells[index]))), None)
    text = _text(cells, columns)
    if not sender or not text or moment is None:
        return None
    where = group or (cells[columns.group] if columns.group is not None else "")
    identity = cells[columns.id] if columns.id is not None else None
    return Draft(where, sender, text, moment, id=identity or None)


def _text(cells: list[str], columns: _Columns) -> str:
    text = cells[columns.text]
    kind = cells[columns.type] if columns.type is not None else "1"
    if kind == "10000":
        return ""
    if kind.isdigit() and int(kind) in TYPES:
        return TYPES[int(kind)]
    if kind == "49" and columns.sub is not None and cells[columns.sub].isdigit():
        share = SHARES.get(int(cells[columns.sub]), "")
        return share + ("" if text.startswith("<") else text)
    return text
