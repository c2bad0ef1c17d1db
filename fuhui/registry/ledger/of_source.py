"""The figures of one room, read out of the book: the book's own counts narrowed to the records of that source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from fuhui.registry.ledger.joins import record_row
from fuhui.registry.ledger.queries.figures import figures, records_behind
from fuhui.registry.ledger.registry import FigureRoom, RowPage
from fuhui.registry.ledger.rules.asking import Ask, Definition, Figure
from fuhui.shared.viewers import Viewer


def room_of_source(name: str, title: str, source: str, definitions: Mapping[str, Definition]) -> FigureRoom:
    """A room whose figures are the book's (`sessions`, `attendances`, …) over the records of one source.

    `definitions` maps the book's code to the room's own words. Value, record count and list are of the same
    records, so they agree as the book's do.
    """
    return FigureRoom(name, title, partial(_measure, source, definitions), partial(_rows, source, definitions))


def _measure(source: str, definitions: Mapping[str, Definition], viewer: Viewer, ask: Ask) -> Sequence[Figure]:
    if ask.source not in {"", source}:
        return []
    found = {one.definition.code: one for one in figures(viewer, replace(ask, source=source))}
    return [replace(found[code], definition=definition) for code, definition in definitions.items()]


def _rows(
    source: str, definitions: Mapping[str, Definition], viewer: Viewer, ask: Ask, code: str, after: str, limit: int
) -> RowPage:
    book_code = next((of_book for of_book, one in definitions.items() if one.code == code), code)
    page = records_behind(viewer, replace(ask, source=source), book_code, after=after, limit=limit)
    return RowPage([record_row(record) for record in page.records], page.after)
