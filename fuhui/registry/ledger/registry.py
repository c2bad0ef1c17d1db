"""Where other rooms register what the book must not import: their figures, and where a record came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fuhui.registry.ledger.rules.asking import Ask, Figure
from fuhui.shared.errors import NotFound
from fuhui.shared.ui.shapes import Row
from fuhui.shared.viewers import Viewer


class RowPage(NamedTuple):
    """One page of the list behind a figure; `after` is the cursor of the next one, '' at the end."""

    rows: Sequence[Row]
    after: str


@dataclass(frozen=True)
class FigureRoom:
    """A room's figures: `measure` gives all of them for an ask (none where the viewer may not see them), `rows` one
    page (viewer, ask, code, after, limit) of the list behind one. All pages have exactly the figure's `records` rows.
    """

    name: str
    title: str
    measure: Callable[[Viewer, Ask], Sequence[Figure]]
    rows: Callable[[Viewer, Ask, str, str, int], RowPage]


@dataclass(frozen=True)
class Source:
    """What a record's `source` is called, and the page of the object that a key names ('' where there is none)."""

    code: str
    name: str
    address: Callable[[str], str] = lambda key: ""


_rooms: dict[str, FigureRoom] = {}
_sources: dict[str, Source] = {}


def register_figures(room: FigureRoom) -> None:
    """Adds a room's figures to the pages, the API and `fuhui figures`."""
    _rooms[room.name] = room


def register_source(source: Source) -> None:
    """Claims a source: its records are corrected in the room that wrote them, not by hand in the book."""
    _sources[source.code] = source


def figure_rooms() -> list[FigureRoom]:
    """Every room with figures, the book first."""
    return list(_rooms.values())


def figure_room(name: str) -> FigureRoom:
    """One of them. Raises NotFound."""
    if name not in _rooms:
        raise NotFound("figure", "没有这组数字，请从台账首页选择。")
    return _rooms[name]


def source_of(code: str) -> Source | None:
    """Who claimed a source."""
    return _sources.get(code)


def all_figures(viewer: Viewer, ask: Ask) -> list[tuple[FigureRoom, Figure]]:
    """Every registered figure for an ask, by room."""
    return [(room, figure) for room in figure_rooms() for figure in room.measure(viewer, ask)]


def all_rows(viewer: Viewer, ask: Ask, room: FigureRoom, code: str) -> list[Row]:
    """The whole list behind a figure, page by page."""
    rows: list[Row] = []
    after = ""
    while True:
        page = room.rows(viewer, ask, code, after, 500)
        rows += page.rows
        after = page.after
        if not after:
            return rows
