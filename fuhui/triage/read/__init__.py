"""Reading chats in every form people can produce them."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812
from pathlib import PurePath

from fuhui.triage.read.decode import DEFAULT_LIMIT, to_text
from fuhui.triage.read.lines import read_lines
from fuhui.triage.read.objects import looks_like_json, read_objects
from fuhui.triage.read.tables import looks_like_table, read_table
from fuhui.triage.read.transcript import (
    Draft,
    Transcript,
    UnparsedLine,
    UnreadableChat,
    finish,
)

__all__ = ["DEFAULT_LIMIT", "Transcript", "UnparsedLine", "UnreadableChat", "read_chat"]

ASK_DATE = "这份记录没有日期，请选择第一条发言是哪一天。"
ASK_YEAR = "这份记录没有年份，请选择这份记录的最后一天。"


def read_chat(
    data: bytes | str,
    *,
    filename: str = "",
    date: Date | None = None,
    group: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Transcript:
    """Read an exported, forwarded or copied chat of any known form.

    ``date`` is the day of the first message where the source tells only clocks; where it
    tells month and day, the last day of the record. ``group`` overrides the group's name;
    without it the name comes from the source or, last, from ``filename``. ``limit`` is in
    bytes. Time grows linearly with size. Raises ``UnreadableChat``.
    """
    text, warnings = to_text(data, limit)
    if looks_like_json(text):
        form, where, drafts, unparsed = read_objects(text, group)
        lacks_day = any(draft.time is None for draft in drafts) and form != "wecom_json"
    elif looks_like_table(text):
        form, where, drafts, unparsed = read_table(text, group)
        lacks_day = False
    else:
        form, where, drafts, unparsed, lacks_day = read_lines(text, group, date)
    where = where or _group_from(filename)
    _fill_group(drafts, where)
    messages, repeats = finish(drafts)
    if repeats:
        warnings.append(f"有 {repeats} 条重复的发言（多次粘贴重叠），只保留一条。")
    if unparsed:
        warnings.append(f"有 {len(unparsed)} 行没有读出来，请看清单。")
    if lacks_day:
        warnings.append(ASK_YEAR if form == "chatlog_txt" else ASK_DATE)
    return Transcript(form, where, messages, unparsed, lacks_day, warnings)


def _group_from(filename: str) -> str | None:
    stem = PurePath(filename.replace("\\", "/")).stem.strip()
    return stem if stem and stem != "-" else None


def _fill_group(drafts: list[Draft], where: str | None) -> None:
    for draft in drafts:
        if not draft.group and where:
            draft.group = where
