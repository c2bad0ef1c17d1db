"""A roll: the list of names that was signed on paper or kept in a spreadsheet, one person a line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from fuhui.registry.people.rules.contact import is_mobile, looks_like_name, normal_name, normal_phone
from fuhui.shared.errors import BadInput

MOST_LINES, MOST_HEADS = 1000, 50
_SPLIT = re.compile(r"[\t,，;；|、]+|\s+")
_HEADS = re.compile(r"(\d{1,2})(?:人|位)?")
_ORDER = re.compile(r"\d{1,4}[.．、]?")
_TITLES = frozenset({"姓名", "序号", "名字", "编号"})


@dataclass(frozen=True)
class RollLine:
    """One line: who, their phone in plain digits ('' where none was written), how many came with them including
    themselves, and the words that are none of these. `number` counts from one as the sheet does."""

    number: int
    name: str
    phone: str = ""
    heads: int = 1
    rest: tuple[str, ...] = ()


def read_roll(text: str) -> list[RollLine]:
    """The lines of a pasted list: a name, and in any order a mobile phone and a number of people. Empty lines and
    headings are passed over, a running number before the name is dropped.

    Raises BadInput(field "roll") naming the line that has no name, and for more than MOST_LINES lines.
    """
    lines = [line for line in enumerate(text.replace("\x00", "").splitlines(), 1) if line[1].strip()]
    kept = [(number, _cells(line)) for number, line in lines]
    found = [_line(number, cells) for number, cells in kept if not _TITLES.intersection(cells)]
    if not found:
        raise BadInput("roll", "名单是空的。每行写一个人：姓名、手机号，例如：王秀兰 19900001001。", field="roll")
    if len(found) > MOST_LINES:
        raise BadInput("roll", f"一次最多 {MOST_LINES} 行，请分几次录入。", field="roll")
    return found


def _cells(line: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", line)
    return [cell for cell in _SPLIT.split(plain) if cell]


def _line(number: int, cells: list[str]) -> RollLine:
    if len(cells) > 1 and _ORDER.fullmatch(cells[0]):
        cells = cells[1:]
    if len(cells) > 1 and len(cells[0]) == len(cells[1]) == 1:  # 张 伟, spread to the width of 王秀兰
        cells = [cells[0] + cells[1], *cells[2:]]
    name = normal_name(cells[0])
    if not looks_like_name(name):
        raise BadInput("roll", f"第 {number} 行没有看懂：“{cells[0][:20]}”。每行先写姓名，再写手机号。", field="roll")
    phone, heads, rest = "", 1, []
    for cell in cells[1:]:
        digits = normal_phone(cell)
        if digits and is_mobile(digits):
            phone = digits
        elif count := _HEADS.fullmatch(cell):
            heads = int(count[1])
        else:
            rest.append(cell)
    if not 1 <= heads <= MOST_HEADS:
        raise BadInput("roll", f"第 {number} 行的人数要是 1 到 {MOST_HEADS}。", field="roll")
    return RollLine(number, name, phone, heads, tuple(rest))
