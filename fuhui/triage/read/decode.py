"""From bytes to text: size, binary files, encodings."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from fuhui.triage.read.transcript import UnreadableChat

DEFAULT_LIMIT = 20 * 1024 * 1024
COPY_HINT = "请在微信里多选消息后复制粘贴，或上传导出的 .txt、.csv、.json 文件。"
BINARY_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "压缩包或 Excel/Word 文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Excel/Word 文件"),
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"RIFF", "音频或视频"),
    (b"\x00\x00\x00\x18ftyp", "视频"),
    (b"\x00\x00\x00\x20ftyp", "视频"),
    (b"SQLite format 3", "数据库文件"),
    (b"\x1f\x8b", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"Rar!", "压缩包"),
)
LONE = re.compile("[\ud800-\udfff]")
ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")
COMMON = frozenset("的一是不了在人有我这個个们們中来來上大和到说說时時要就会會也你楼樓水好没沒")


def to_text(data: bytes | str, limit: int) -> tuple[str, list[str]]:
    """Text with plain line ends and no NUL, and warnings in Chinese.

    ``limit`` is in bytes. Raises ``UnreadableChat`` for what is empty, too large, binary or
    in an encoding that cannot be told.
    """
    _check_size(data, limit)
    warnings: list[str] = []
    if isinstance(data, bytes):
        _check_binary(data)
        text = _decode(data, warnings)
    else:
        text = data.encode("utf-8", "replace").decode("utf-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "")
        warnings.append("文件里有空字符，已忽略。")
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise UnreadableChat("empty", "这里没有内容。" + COPY_HINT)
    if text[:200].lstrip().lower().startswith(("<!doctype html", "<html")):
        raise UnreadableChat("html", "这是网页文件，读不出发言。请导出为文本（.txt）或表格（.csv）。")
    return text, warnings


def _check_size(data: bytes | str, limit: int) -> None:
    size = len(data)
    if isinstance(data, str) and size <= limit < size * 4:
        size = len(data.encode("utf-8", "replace"))
    if size > limit:
        allowed = f"{limit / 1024 / 1024:.0f} MB" if limit >= 1024 * 1024 else f"{limit} 字节"
        raise UnreadableChat(
            "too_large", f"内容太大，一次最多 {allowed}。请按日期分成几份，一份一份上传。"
        )


def _check_binary(data: bytes) -> None:
    for head, name in BINARY_HEADS:
        if data.startswith(head):
            raise UnreadableChat("binary", f"这是{name}，不是聊天文本。" + COPY_HINT)


def _decode(data: bytes, warnings: list[str]) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if utf16 := _utf16_without_mark(data):
        return data.decode(utf16, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    return _decode_guessing(data, warnings)


def _utf16_without_mark(data: bytes) -> str | None:
    head = data[:4000]
    if len(head) < 4 or b"\n" not in head:
        return None
    little, big = head[1::2].count(0), head[0::2].count(0)
    if max(little, big) * 2 < len(head) * 0.04:
        return None
    name = "utf-16-le" if little > big else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    return name if _commonness(text) > 0.02 and "\ufffd" not in text[:-1] else None


def _decode_guessing(data: bytes, warnings: list[str]) -> str:
    best, best_score = "", 0.0
    for name in ("utf-8", "gb18030", "big5"):
        text = data.decode(name, "replace")
        if text.count("\ufffd") > max(2, len(text) // 100):
            continue
        score = _commonness(text[:200_000])
        if score > best_score:
            best, best_score = text, score
    if best_score < 0.005:
        raise UnreadableChat(
            "encoding", "认不出文件的文字编码。请用记事本打开，另存为 UTF-8 编码后再上传。"
        )
    if "\ufffd" in best:
        warnings.append("有个别文字损坏，已用 \ufffd 代替。")
    return best


def _commonness(text: str) -> float:
    if not text:
        return 0.0
    return sum(map(text.count, COMMON)) / len(text)


def from_json(text: str) -> Any:
    """The value of a JSON text; half of a surrogate pair, as phones cut emoji in two, becomes \ufffd.

    Raises ``ValueError`` for what is not JSON or is nested too deep.
    """
    try:
        return orjson.loads(text)
    except ValueError:
        if ESCAPED.search(text) is None and LONE.search(text) is None:
            raise
    try:
        plain = json.dumps(json.loads(text), ensure_ascii=False)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return orjson.loads(LONE.sub("\ufffd", plain))
