"""What reading a chat gives back, and the error when nothing can be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from datetime import time as Clock  # noqa: N812
from hashlib import blake2b

from fuhui.triage.vocabulary import Message


class UnreadableChat(ValueError):
    """Nothing could be read. ``message_zh`` tells the person what to do next.

    Codes: empty, too_large, binary, html, encoding, unknown_format.
    """

    def __init__(self, code: str, message_zh: str) -> None:
        super().__init__(message_zh)
        self.code = code
        self.message_zh = message_zh


@dataclass(frozen=True, slots=True)
class UnparsedLine:
    """A line that belongs to no message; ``number`` counts from 1, ``reason`` is Chinese."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A chat that was read.

    ``format`` names the source: phone_forward, pc_dated, pc_short, pc_copy, memotrace_csv,
    memotrace_txt, chatlog_csv, chatlog_json, chatlog_txt, qq_txt, wecom_json, fuhui_jsonl,
    table_csv, speaker_lines. ``needs_date`` is true when the source tells no day (or no year)
    and none was given: those messages have ``time`` None.
    """

    format: str
    group: str | None
    messages: list[Message]
    unparsed: list[UnparsedLine] = field(default_factory=list)
    needs_date: bool = False
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """A message while it is being read. ``clock`` survives where the day is unknown."""

    group: str
    sender: str
    text: str
    time: datetime | None = None
    clock: Clock | None = None
    id: str | None = None
    quote: str | None = None


MEDIA = re.compile(
    r"\[(图片|视频|语音|文件|链接|位置|表情|动画表情|聊天记录|小程序|名片|红包|转账)"
    r"(?:[:：|][^\[\]\n]{0,300})?\]"
)
ATTACHED = re.compile(r"\[(图片|视频|语音|文件)[:：][^\[\]\n]{0,300}\]")
LINKED = re.compile(r"\[(链接|文件|聊天记录|小程序)\|([^\[\]\n]{0,200})\](?:\([^()\s]{0,500}\))?")
OLD_QUOTE = re.compile(r"\A「(.{1,2000}?)」\n(?:[-—–] ?){5,60}\n", re.S)


def tidy_text(text: str) -> tuple[str, str | None]:
    """The body as a person typed it, and the quoted text before it, if any.

    Attachment names and link addresses are taken out: ``[图片: a.png]`` becomes ``[图片]``,
    ``[链接|标题](address)`` becomes ``[链接]标题``.
    """
    quote = None
    if old := OLD_QUOTE.match(text):
        quote, text = old[1], text[old.end() :]
    if "[" in text:
        text = ATTACHED.sub(r"[\1]", text)
        text = LINKED.sub(r"[\1]\2", text)
    return text.strip("\n").rstrip(), quote


def message_id(draft: Draft, occurrence: int) -> str:
    """A stable id from group, time, sender, text and which repetition this is."""
    when = draft.time or draft.clock
    parts = (draft.group, str(when or ""), draft.sender, draft.text, str(occurrence))
    return "h" + blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


def finish(drafts: Iterable[Draft]) -> tuple[list[Message], int]:
    """Messages without the repeats of overlapping pastes, and how many repeats were left out.

    A repeat has the same group, minute, sender and text; with ids of its own, the same id.
    """
    messages: list[Message] = []
    seen: set[tuple[object, ...]] = set()
    counts: Counter[tuple[object, ...]] = Counter()
    ids: set[str] = set()
    repeats = 0
    for draft in drafts:
        draft.text, found = tidy_text(draft.text)
        draft.quote = draft.quote or found
        key = _repeat_key(draft)
        if key is not None and key in seen:
            repeats += 1
            continue
        if key is not None:
            seen.add(key)
        same = (draft.group, draft.time, draft.clock, draft.sender, draft.text)
        identity = draft.id if draft.id and draft.id not in ids else None
        identity = identity or message_id(draft, counts[same])
        counts[same] += 1
        ids.add(identity)
        messages.append(_message(draft, identity))
    return messages, repeats


def _repeat_key(draft: Draft) -> tuple[object, ...] | None:
    if draft.id:
        return (draft.id, draft.sender, draft.text)
    when = draft.time or draft.clock
    if when is None:
        return None
    return (draft.group, when.replace(second=0, microsecond=0), draft.sender, draft.text)


def _message(draft: Draft, identity: str) -> Message:
    media = tuple(dict.fromkeys(MEDIA.findall(draft.text))) if "[" in draft.text else ()
    return Message(
        identity, draft.group, draft.sender, draft.time, draft.text, media, draft.quote
    )  # fmt: skip
