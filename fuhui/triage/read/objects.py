"""Chats as JSON: chatlog, the WeCom robot, and this product's own lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from fuhui.triage.read.decode import COPY_HINT, from_json
from fuhui.triage.read.times import parse_stamp
from fuhui.triage.read.transcript import Draft, UnparsedLine, UnreadableChat

TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\Z)|[{}\[\]]', re.S)
TYPES = {3: "[图片]", 34: "[语音]", 42: "[名片]", 43: "[视频]", 47: "[表情]", 48: "[位置]"}
SHARES = {5: "[链接]", 6: "[文件]", 19: "[聊天记录]", 33: "[小程序]", 36: "[小程序]", 87: "[群公告]"}
AIBOT = {"image": "[图片]", "voice": "[语音]", "file": "[文件]", "video": "[视频]"}
BROKEN = "这一行不是完整的 JSON"
NO_TEXT = "这条记录里没有发言人或内容"
SYSTEM = "系统提示，不是发言"
LISTS = ("messages", "data", "items", "list", "records")
Found = tuple[int, Any]


def looks_like_json(text: str) -> bool:
    """True when the text opens like a JSON object or a list of objects."""
    return re.match(r"\s*(?:\{\s*[\"}]|\[\s*[\{\]])", text) is not None


def read_objects(
    text: str, group: str | None
) -> tuple[str, str | None, list[Draft], list[UnparsedLine]]:
    """Format, group, drafts and unparsed lines. Broken parts never cost the whole rest."""
    unparsed: list[UnparsedLine] = []
    drafts: list[Draft] = []
    forms: dict[str, int] = {}
    for number, value in _objects(text, unparsed):
        form, draft = _draft(value, group)
        if draft is None:
            reason = SYSTEM if form == "system" else NO_TEXT
            unparsed.append(UnparsedLine(number, _short(value), reason))
            continue
        forms[form] = forms.get(form, 0) + 1
        drafts.append(draft)
    if not drafts:
        raise UnreadableChat(
            "unknown_format", "这个 JSON 文件里找不到发言（需要发言人、时间和内容）。" + COPY_HINT
        )
    unparsed.sort(key=lambda line: line.number)
    return max(forms, key=lambda name: forms[name]), drafts[0].group or None, drafts, unparsed


def _short(value: Any) -> str:
    try:
        return orjson.dumps(value).decode("utf-8", "replace")[:500]
    except (TypeError, ValueError):
        return ""


def _objects(text: str, unparsed: list[UnparsedLine]) -> Iterator[Found]:
    try:
        whole = from_json(text)
    except ValueError:
        whole = None
    if whole is not None:
        yield from _from_whole(whole)
    elif text.lstrip()[0] == "{":
        yield from _from_lines(text, unparsed)
    else:
        yield from _from_pieces(text, unparsed)


def _from_whole(whole: Any) -> Iterator[Found]:
    if isinstance(whole, dict):
        inner = next((whole[key] for key in LISTS if isinstance(whole.get(key), list)), None)
        whole = inner if inner is not None and "msgtype" not in whole else [whole]
    yield from enumerate(whole if isinstance(whole, list) else [], start=1)


def _from_lines(text: str, unparsed: list[UnparsedLine]) -> Iterator[Found]:
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip().rstrip(",")
        if not bare:
            continue
        try:
            yield number, from_json(bare)
        except ValueError:
            unparsed.append(UnparsedLine(number, line, BROKEN))


def _from_pieces(text: str, unparsed: list[UnparsedLine]) -> Iterator[Found]:
    """Elements of a list that does not end or is broken inside; one pass."""
    depth, start, line, counted = 0, 0, 1, 0
    for token in TOKENS.finditer(text):
        mark = token[0]
        if mark in "{[":
            depth += 1
            if depth == 2:
                start = token.start()
        elif mark in "}]" and depth:
            depth -= 1
            if depth == 1:
                line += text.count("\n", counted, start)
                counted = start
                piece = text[start : token.end()]
                try:
                    yield line, from_json(piece)
                except ValueError:
                    unparsed.append(UnparsedLine(line, piece[:2000], BROKEN))
    if depth >= 2:
        line += text.count("\n", counted, start)
        unparsed.append(UnparsedLine(line, text[start:][:2000], BROKEN))


def _draft(value: Any, group: str | None) -> tuple[str, Draft | None]:
    if not isinstance(value, dict):
        return "", None
    if "msgtype" in value:
        return "wecom_json", _wecom(value, group)
    if "senderName" in value or "talkerName" in value:
        if value.get("type") == 10000:
            return "system", None
        return "chatlog_json", _chatlog(value, group)
    return "fuhui_jsonl", _own(value, group)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _own(value: dict[str, Any], group: str | None) -> Draft | None:
    text, sender = value.get("text"), value.get("sender")
    if not isinstance(text, str) or not isinstance(sender, str):
        return None
    identity = value.get("id")
    named = identity if isinstance(identity, str) and identity else None
    if isinstance(identity, int) and not isinstance(identity, bool):
        named = str(identity)
    return Draft(
        group or _text(value.get("group")), sender, text, parse_stamp(value.get("time")), id=named
    )


def _chatlog(value: dict[str, Any], group: str | None) -> Draft | None:
    sender = _text(value.get("senderName")) or _text(value.get("sender"))
    content = _chatlog_text(value)
    if not sender or not content:
        return None
    contents = value.get("contents")
    refer = contents.get("refer") if isinstance(contents, dict) else None
    quote = _text(refer.get("content")) if isinstance(refer, dict) else ""
    where = group or _text(value.get("talkerName")) or _text(value.get("talker"))
    when = parse_stamp(value.get("time"))
    return Draft(where, sender, content, when, id=None, quote=quote or None)


def _chatlog_text(value: dict[str, Any]) -> str:
    content = _text(value.get("content"))
    kind, sub = value.get("type"), value.get("subType")
    if kind in TYPES:
        return TYPES[kind]
    if kind == 49 and sub in SHARES:
        contents = value.get("contents")
        title = _text(contents.get("title")) if isinstance(contents, dict) else ""
        return SHARES[sub] + (content or title)
    return content


def _wecom(value: dict[str, Any], group: str | None) -> Draft | None:
    sender = value.get("from")
    who = _text(sender.get("userid")) if isinstance(sender, dict) else ""
    content = _wecom_text(value)
    if not content:
        return None
    quoted = value.get("quote")
    quote = _wecom_text(quoted) if isinstance(quoted, dict) else None
    where = group or _text(value.get("chatid"))
    when = parse_stamp(value.get("create_time") or value.get("time"))
    identity = _text(value.get("msgid")) or None
    return Draft(where, who or "未具名", content, when, id=identity, quote=quote or None)


def _wecom_text(value: dict[str, Any]) -> str:
    kind = value.get("msgtype")
    if kind in AIBOT:
        return AIBOT[str(kind)]
    if kind == "mixed":
        mixed = value.get("mixed")
        items = mixed.get("msg_item") if isinstance(mixed, dict) else None
        parts = [_wecom_text(item) for item in items or [] if isinstance(item, dict)]
        return "\n".join(part for part in parts if part)
    inner = value.get("text")
    return _text(inner.get("content")) if isinstance(inner, dict) else ""
