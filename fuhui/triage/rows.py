"""Tables of past requests (CSV, plain or gzip) as other systems export them."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fuhui.triage.numerals import half_width

LARGEST = 512 * 1024 * 1024
MOST_UNREADABLE = 0.01
SPACE = re.compile(r"\s+")
MOMENT = re.compile(
    r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d)"
    r"(?:([^\d]{0,12})(\d{1,2})[:时点](\d{1,2})?(?:[:分](\d{1,2}))?)?"
)
LATER = re.compile("下午|晚上|傍晚|pm", re.IGNORECASE)
PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001


class UnreadableRows(ValueError):
    """The table cannot be read; the message tells a person what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """Column names and rows of text; a row that is too short is filled up with nothing."""

    names: tuple[str, ...]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        """All values of a column; raises ``UnreadableRows`` where there is none of that name."""
        if name not in self.names:
            raise UnreadableRows(f"表格里没有“{name}”这一列。现有的列：{'、'.join(self.names)}。请检查列名。")
        at = self.names.index(name)
        return [row[at] for row in self.rows]

    def keys(self, *names: str) -> list[int | str]:
        """How to name each row: by the first of the columns that is there, else by its position from 0."""
        found = next((name for name in names if name in self.names), None)
        if found is None:
            return list(range(len(self.rows)))
        return [int(key) if key.isascii() and key.isdigit() and len(key) < 16 else key for key in self.column(found)]


def read_rows(path: Path) -> Table:
    """A CSV file with a heading; gzip is told by its content, the encoding is UTF-8, UTF-16 or GB 18030.

    Raises ``UnreadableRows``.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableRows(f"打不开文件 {path}：{spoken(error)}。请检查路径和文件是否完整。") from error
    if len(data) > LARGEST:
        raise UnreadableRows("文件超过 512 MB，请分成几份。")
    return _table(_decoded(data))


def spoken(error: Exception) -> str:
    """Why a file cannot be opened or written, in words."""
    reasons = {
        FileNotFoundError: "没有这个文件或文件夹",
        IsADirectoryError: "这是一个文件夹",
        NotADirectoryError: "路径里有一段不是文件夹",
        PermissionError: "没有权限",
        EOFError: "文件不完整",
        gzip.BadGzipFile: "压缩文件已损坏",
        zlib.error: "压缩文件已损坏",
    }
    return reasons.get(type(error)) or str(getattr(error, "strerror", None) or error)


def _decoded(data: bytes) -> str:
    """UTF-8 and UTF-16 as their marks tell, else GB 18030, of which a text in another encoding makes nonsense."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    if text.count("\ufffd") > MOST_UNREADABLE * len(text):
        raise UnreadableRows("认不出这个文件的文字编码，或者它不是文字表格。请用“CSV UTF-8”格式重新导出。")
    return text


def _table(text: str) -> Table:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    text = text.replace("\x00", "")
    heading = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;", key=heading.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
        _check_ending(text, delimiter)
    except csv.Error as error:
        raise UnreadableRows(f"这不是完整的 CSV 表格（{error}）。请重新导出。") from error
    if len(rows) < 2:
        raise UnreadableRows("表格里没有数据。第一行要是列名，下面每行一条。")
    names = tuple(name.strip() for name in rows[0])
    width = len(names)
    return Table(names, [row[:width] + [""] * (width - len(row)) for row in rows[1:]])


def _check_ending(text: str, delimiter: str) -> None:
    """Raises ``UnreadableRows`` where a quotation mark stays open, which would swallow all rows behind it."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise UnreadableRows("表格里有一个引号没有配对，后面的行分不清。请用表格软件打开后重新导出。") from error


def tidy(text: str) -> str:
    """Half-width, lower-case, single spaces: how texts are compared."""
    return SPACE.sub(" ", half_width(text).lower()).strip()


def moment(text: str) -> datetime | None:
    """A date, with or without clock, in the ways tables write it; None where it is none.

    Year first with any signs between (2025/3/1, 2025年3月1日 下午2时05分, 2025-03-01T14:05), packed
    (20250301140500), or the day number of a spreadsheet (45717.58).
    """
    text = half_width(text).strip()
    try:
        if SERIAL.fullmatch(text):
            return SERIAL_START + timedelta(seconds=round(float(text) * 86400))
        if match := PACKED.fullmatch(text):
            return _dated(*match.groups())
        if match := MOMENT.search(text):
            year, month, day, later, hour, minute, second = match.groups()
            found = _dated(year, month, day, hour, minute, second)
            return found + timedelta(hours=12) if later and LATER.search(later) and found.hour < 12 else found
    except (ValueError, OverflowError):
        pass
    return None


def _dated(*parts: str | None) -> datetime:
    return datetime(*(int(part or 0) for part in parts))  # type: ignore[arg-type]  # noqa: DTZ001


def amounts(values: Sequence[str]) -> list[float]:
    """Numbers of a column; nothing, words and what is below zero count as 0."""
    found = []
    for value in values:
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        found.append(number if 0 < number < 1e12 else 0.0)
    return found
