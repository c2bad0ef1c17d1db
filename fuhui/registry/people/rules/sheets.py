"""The shape of a sheet: where its headings stand, which rows hold people, cells merged over several rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fuhui.registry.people.rules.cards import Categories
from fuhui.registry.people.rules.columns import IGNORE, field_of_heading, plain_heading

SEARCHED_ROWS = 40
_FEWEST = 2  # known headings that make a line of headings
_GOOD = 0.6
_FOOTER = re.compile(r"^(合计|小计|总计|共计|填表|制表|审核|说明|注[:：]|备注[:：]|单位|日期|负责人|第\d+页)")
_DATA = re.compile(r"\d{5,}")
Rows = Sequence[Sequence[str]]


class Layout(NamedTuple):
    """`first` is the index of the first row of people, `headings` one text per column ('' where it has none);
    `has_headings` False: the list starts at once and contents alone decide."""

    first: int
    headings: list[str]
    has_headings: bool


def find_layout(rows: Rows, width: int, categories: Categories) -> Layout:
    """Headings by their words, with title rows above and two-line headings brought together."""
    scores = [_score(row, categories) for row in rows[:SEARCHED_ROWS]]
    most = max(scores, default=0)
    if most < _FEWEST:
        return _bare_layout(rows, width, scores)
    # The first of the good ones: the same headings may stand again on every printed page.
    best = next(place for place, score in enumerate(scores) if score >= max(_FEWEST, most * _GOOD))
    lines = [best]
    if best + 1 < len(rows) and _is_second_line(rows[best], rows[best + 1], categories):
        lines.append(best + 1)
    elif best > 0 and _is_first_line(rows[best - 1], rows[best]):
        lines.insert(0, best - 1)
    return Layout(lines[-1] + 1, _joined([rows[line] for line in lines], width), True)


def _bare_layout(rows: Rows, width: int, scores: Sequence[int]) -> Layout:
    first = next((place for place, row in enumerate(rows) if _filled(row) >= 2), 0)
    if scores and first < len(scores) and scores[first] == 1 and not any(_DATA.search(cell) for cell in rows[first]):
        return Layout(first + 1, _joined([rows[first]], width), True)
    return Layout(first, [""] * width, False)


def _score(row: Sequence[str], categories: Categories) -> int:
    if any(_DATA.search(cell) for cell in row):
        return 0
    short = [cell for cell in row if cell and len(plain_heading(cell)) <= 12]
    return len({field_of_heading(cell, categories) for cell in short} - {None})


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_second_line(first: Sequence[str], second: Sequence[str], categories: Categories) -> bool:
    """The line below belongs to the headings: known words only, and nothing below the heading of the names."""
    filled = [cell for cell in second if cell.strip()]
    if not filled or any(_DATA.search(cell) for cell in filled):
        return False
    names = [place for place, cell in enumerate(first) if field_of_heading(cell, {}) == "name"]
    if not names or any(place < len(second) and second[place].strip() for place in names):
        return False
    known = sum(field_of_heading(cell, categories) is not None for cell in filled)
    return known >= max(1, len(filled) * 0.6)


def _is_first_line(above: Sequence[str], headings: Sequence[str]) -> bool:
    """The line above holds group headings: at least two texts, each over some column, and no data."""
    filled = [place for place, cell in enumerate(above) if cell.strip()]
    gaps = any(not (place < len(headings) and headings[place].strip()) for place in filled)
    return (
        len(filled) >= 2 and not any(_DATA.search(cell) for cell in above) and (gaps or len(filled) < _filled(headings))
    )


def _joined(lines: Rows, width: int) -> list[str]:
    if len(lines) == 1:
        return [plain_heading(cell) for cell in _padded(lines[0], width)]
    headings, group = [], ""
    for above, below in zip(_padded(lines[0], width), _padded(lines[1], width), strict=True):
        upper, lower = plain_heading(above), plain_heading(below)
        group = upper or (group if lower else "")  # a merged group heading stands in its first column only
        headings.append(lower or upper if not (group and lower) else _both(group, lower))
    return headings


def _both(group: str, lower: str) -> str:
    return lower if field_of_heading(lower, {}) not in (None, IGNORE) else f"{group}{lower}"


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def spread_merged(rows: list[list[str]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], first: int) -> None:
    """Writes the value of a cell merged downwards into every row it covers, in rows of people only."""
    for (top, left), (bottom, right) in ranges:
        if top < first or left != right or bottom <= top:
            continue
        for place in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[place]) and left < len(rows[top]):
                rows[place][left] = rows[place][left] or rows[top][left]


def people_rows(rows: Rows, layout: Layout) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that hold people with their number in the sheet (from 1), without blank lines, repeated headings
    and the lines below the list."""
    headings = [heading for heading in layout.headings if heading]
    for place in range(layout.first, len(rows)):
        row = rows[place]
        filled = [cell for cell in row if cell.strip()]
        if not filled or (len(filled) <= 3 and _FOOTER.match(filled[0].strip())):
            continue
        if (
            headings
            and len(filled) > 1
            and sum(plain_heading(cell) in headings for cell in filled) >= len(filled) * 0.8
        ):
            continue
        yield place + 1, row
