"""Opens a list: xlsx, xls or text with separators in any encoding; every cell becomes text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from fuhui.shared.errors import BadInput

MOST_COLUMNS, MOST_ROWS = 200, 200_000
_MOST_UNPACKED = 800 * 1024 * 1024
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"%PDF", b"II*\x00", b"MM\x00*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEXT_SHEET = "文本"
_BEYOND_DIGITS = 1e15  # a spreadsheet number holds 15 digits; a longer one has lost its end
_HOW = "请用 Excel 或 WPS 另存为 .xlsx 后再上传。"


class Sheet(NamedTuple):
    """The cells of a sheet as text, its width, and ranges of merged cells ((row, column), (row, column))."""

    rows: list[list[str]]
    width: int
    merged: list[tuple[tuple[int, int], tuple[int, int]]]


def sheet_names(path: Path) -> list[str]:
    """The sheets that hold cells may be chosen from. Raises BadInput saying what is wrong with the file."""
    head = _head(path)
    if _is_workbook(head):
        return [str(name) for name in _workbook(path, head).sheet_names]
    _refuse_pictures(head)
    return [_TEXT_SHEET]


def read_sheet(path: Path, name: str) -> Sheet:
    """Every cell of a sheet as text. Raises BadInput: empty, more than 200 columns or 200,000 rows, no such sheet,
    or a file that cannot be read."""
    head = _head(path)
    if _is_workbook(head):
        return _workbook_sheet(_workbook(path, head), name)
    _refuse_pictures(head)
    return _sheet(_text_rows(path.read_bytes()), [])


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _is_workbook(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", _OLE))


def _refuse_pictures(head: bytes) -> None:
    if head.startswith(_PICTURES):
        raise BadInput("not_a_list", f"这是图片或 PDF，不是表格，里面的文字读不出来。{_HOW}", field="file")


def _workbook(path: Path, head: bytes) -> CalamineWorkbook:
    if head.startswith(_OLE) and _ENCRYPTED in path.read_bytes():
        raise _locked()
    if head.startswith(b"PK"):
        _refuse_bomb(path)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, OSError, ValueError) as error:
        raise BadInput("not_a_list", f"这个文件打不开，可能不是表格或已损坏。{_HOW}", field="file") from error


def _locked() -> BadInput:
    return BadInput("locked", "这个表格设了打开密码。请先在 Excel 或 WPS 里取消密码、保存，再上传。", field="file")


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(info.file_size for info in packed.infolist())
    except zipfile.BadZipFile as error:
        raise BadInput("not_a_list", f"这个文件不完整，可能没有传完。{_HOW}", field="file") from error
    if unpacked > _MOST_UNPACKED:
        raise BadInput("file_size", "这个表格展开后太大，请删掉多余的工作表和图片后再上传。", field="file")


def _workbook_sheet(book: CalamineWorkbook, name: str) -> Sheet:
    if name not in book.sheet_names:
        raise BadInput("sheet", "没有这个工作表，请重新选择。", field="sheet")
    try:
        sheet = book.get_sheet_by_name(name)
        cells = sheet.to_python(skip_empty_area=False) if sheet.height else []
    except CalamineError as error:
        raise BadInput("sheet", f"工作表“{name}”读不出来。{_HOW}", field="sheet") from error
    merged = [(range_[0], range_[1]) for range_ in (getattr(sheet, "merged_cell_ranges", None) or [])]
    return _sheet(([cell_text(cell) for cell in row] for row in cells), merged)


def _sheet(rows: Iterable[list[str]], merged: list[Any]) -> Sheet:
    kept = list(rows)
    while kept and not any(kept[-1]):
        kept.pop()
    width = max((_last_filled(row) for row in kept), default=0)
    if width == 0:
        raise BadInput("empty_sheet", "这个工作表是空的，请换一个工作表或文件。", field="sheet")
    if width > MOST_COLUMNS:
        raise BadInput(
            "columns", f"这个工作表有 {width} 列，最多 {MOST_COLUMNS} 列。请删掉与居民无关的列再上传。", field="file"
        )
    if len(kept) > MOST_ROWS:
        raise BadInput(
            "rows", f"这个工作表有 {len(kept)} 行，最多 {MOST_ROWS} 行。请按小区分成几个文件。", field="file"
        )
    return Sheet([row[:width] for row in kept], width, merged)


def _last_filled(row: list[str]) -> int:
    return next((place + 1 for place in range(len(row) - 1, -1, -1) if row[place]), 0)


def cell_text(cell: Any) -> str:
    """A cell as it is meant: whole numbers without a decimal, days as 1980-01-02, numbers that lost digits as such."""
    if isinstance(cell, str):
        return cell.replace("\x00", "").strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.5E}" if abs(cell) >= _BEYOND_DIGITS else str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _text_rows(raw: bytes) -> list[list[str]]:
    text = decoded(raw)
    sample = text[:20_000]
    separator = max(",\t;，|", key=sample.count)
    csv.field_size_limit(1_000_000)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator)]
    except csv.Error as error:
        raise BadInput("not_a_list", f"这个文本文件不像表格（引号或分隔符不完整）。{_HOW}", field="file") from error


def decoded(raw: bytes) -> str:
    """Text of any encoding that Chinese lists come in. Raises BadInput for what is no text."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(raw, "utf-16") or _unreadable()
    for encoding in ("utf-8-sig", "gb18030"):
        text = _strict(raw, encoding)
        if text is not None and "\x00" not in text[:20_000]:
            return text
    best = from_bytes(raw[:200_000]).best()
    if best is None or b"\x00" in raw[:20_000]:
        return _unreadable()
    return raw.decode(best.encoding, errors="replace")


def _strict(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _unreadable() -> str:
    raise BadInput("not_a_list", f"这个文件不是表格，也认不出文字编码。{_HOW}", field="file")
