"""Pure rules of the chat door: names, states, which messages count as one, what a proposed case says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from fuhui.triage import Kind, Message, Place
from fuhui.triage.numerals import to_number

LONGEST_SENDER, LONGEST_GROUP, LONGEST_TITLE, LONGEST_PLACE = 40, 60, 60, 120
LONGEST_TEXT = 5000
OLDEST_YEAR = 2000
# Up to here reading happens while the person waits; beyond it a job does it with a progress page.
READ_AT_ONCE = 2000
KEEP_DAYS = 7
SURE, FAIRLY_SURE = 0.8, 0.55
# A likely repeat is joined to the open case unless the person separates it; one that is less sure, or longer ago,
# is only suggested. Danger is never joined to what was reported the day before.
JOIN_SCORE = 0.6
JOIN_WITHIN, JOIN_DANGER_WITHIN = timedelta(days=3), timedelta(hours=12)


class BatchState(StrEnum):
    """Where a paste stands."""

    READING = "reading"
    PREVIEW = "preview"
    DONE = "done"
    DROPPED = "dropped"


BATCH_NAMES = {
    BatchState.READING: "正在识别",
    BatchState.PREVIEW: "等您确认",
    BatchState.DONE: "已处理",
    BatchState.DROPPED: "未采用",
}


class Door(StrEnum):
    """How a chat came in."""

    PASTE = "paste"
    FILE = "file"
    API = "api"
    COMMAND = "command"


DOOR_NAMES = {Door.PASTE: "粘贴", Door.FILE: "上传文件", Door.API: "接口送来", Door.COMMAND: "命令行导入"}


class DraftState(StrEnum):
    """Where a proposed case stands."""

    PROPOSED = "proposed"
    MADE = "made"
    LINKED = "linked"
    DROPPED = "dropped"


DRAFT_NAMES = {
    DraftState.PROPOSED: "待生成",
    DraftState.MADE: "已生成",
    DraftState.LINKED: "已补充到原有诉求",
    DraftState.DROPPED: "不生成",
}

FORMAT_NAMES = {
    "phone_forward": "手机转发的聊天记录", "pc_dated": "电脑复制（带日期）", "pc_short": "电脑复制（不带日期）",
    "pc_copy": "电脑复制", "memotrace_csv": "留痕导出表格", "memotrace_txt": "留痕导出文本",
    "chatlog_csv": "chatlog 导出表格", "chatlog_json": "chatlog 导出 JSON", "chatlog_txt": "chatlog 导出文本",
    "qq_txt": "QQ 导出文本", "wecom_json": "企业微信机器人消息", "fuhui_jsonl": "消息清单（JSON 行）",
    "table_csv": "表格", "speaker_lines": "昵称：内容",
}  # fmt: skip

_GRID_NUMBER = re.compile(r"第?\s*([0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})\s*(?:号)?网格")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str, longest: int | None = None) -> str:
    """The text without NUL and lone surrogates, which neither PostgreSQL nor UTF-8 can hold; cut if too long."""
    clean = _UNSTORABLE.sub("", text)
    return clean if longest is None else clean[:longest]


def grid_number(group: str) -> int | None:
    """The grid's number that a group's name tells: `福惠六网格-锦绣苑业主群` → 6."""
    found = _GRID_NUMBER.search(group)
    number = to_number(found[1]) if found else ""
    return int(number) if number.isdigit() else None


def fingerprint_text(where: str, message: Message, repetition: int = 0) -> str:
    """What makes two pasted messages the same one: group (or its grid), minute, sender and text.

    Overlapping pastes are recognised by it. A message without time is told apart by its repetition.
    """
    minute = f"{message.time:%Y-%m-%d %H:%M}" if message.time else f"?{repetition}"
    return "\x1f".join((where, minute, message.sender.strip(), message.text.strip()))


def usable_time(moment: datetime | None) -> datetime | None:
    """The wall-clock time unless no chat can have it (a broken export's year 1 or 1970 … 1999)."""
    return moment if moment and moment.year >= OLDEST_YEAR else None


def joins_by_default(score: float, apart: timedelta | None, *, is_urgent: bool) -> bool:
    """Whether a repeat is joined to its open case without asking; the person can always separate it."""
    within = JOIN_DANGER_WITHIN if is_urgent else JOIN_WITHIN
    return score >= JOIN_SCORE and apart is not None and abs(apart) <= within


def sureness(confidence: float) -> str:
    """How sure the machine is, in words."""
    if confidence >= SURE:
        return "有把握"
    return "较有把握" if confidence >= FAIRLY_SURE else "没把握，请看一眼"


@dataclass(frozen=True)
class Said:
    """One message of a proposed case, as far as composing the case needs it."""

    sender: str
    text: str
    kind: Kind


@dataclass(frozen=True)
class Composed:
    """What becomes of the messages: indexes of those in the case's own text, of further voices, of words that
    it is solved, and of staff answers."""

    own: tuple[int, ...]
    further: tuple[int, ...]
    confirms: tuple[int, ...]
    answers: tuple[int, ...]


def compose(messages: Sequence[Said]) -> Composed:
    """Sorts a proposed case's messages (in time order).

    The case's own text is what the first reporter said until somebody confirms; everyone else adds a voice.
    Without any report the first resident's message takes its place, without residents the first message.
    """
    first = _first_index(messages)
    who = messages[first].sender
    own, further, confirms, answers = [], [], [], []
    for index, said in enumerate(messages):
        if index == first:
            own.append(index)
        elif said.kind is Kind.STAFF:
            answers.append(index)
        elif said.kind is Kind.CONFIRM:
            confirms.append(index)
        elif said.sender == who and not confirms and not answers:
            own.append(index)
        else:
            further.append(index)
    return Composed(tuple(own), tuple(further), tuple(confirms), tuple(answers))


def _first_index(messages: Sequence[Said]) -> int:
    for wanted in ({Kind.REPORT}, {Kind.REPORT, Kind.DETAIL, Kind.CONFIRM, Kind.CHAT}):
        for index, said in enumerate(messages):
            if said.kind in wanted:
                return index
    return 0


def main_text(texts: Iterable[str]) -> str:
    """The case's text: the first reporter's messages, one per line, at most what a case can hold."""
    return "\n".join(text.strip() for text in texts if text.strip())[:LONGEST_TEXT]


def place_words(place: Place | None) -> str:
    """The place without its door: doors are private and stay in the messages."""
    if place is None or place.is_empty:
        return ""
    parts = [place.area or "", f"{place.building}号楼" if place.building else "",
             f"{place.unit}单元" if place.unit else "", *place.landmarks[:1]]
    return "".join(parts)[:LONGEST_PLACE]


def best_place(places: Iterable[Place | None]) -> Place | None:
    """The first place that was said, else the first that a nickname tells."""
    known = [place for place in places if place and not place.is_empty]
    return next((place for place in known if not place.weak), known[0] if known else None)
