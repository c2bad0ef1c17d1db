"""A batch's list opened: the sheet, where its headings stand, and the mapping of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from fuhui.registry.people.importing.files import path_of
from fuhui.registry.people.importing.reading import Sheet, read_sheet, sheet_names
from fuhui.registry.people.models import CardCategory, ImportBatch
from fuhui.registry.people.rules.columns import IGNORE, Guess, propose
from fuhui.registry.people.rules.sheets import Layout, find_layout, people_rows, spread_merged
from fuhui.shared.errors import BadInput

SAMPLE = 200


class Source(NamedTuple):
    """A list ready for reading. `mapping` holds the mapped columns only."""

    sheet: Sheet
    layout: Layout
    mapping: dict[int, str]


class Proposal(NamedTuple):
    """What the mapping page shows of one column: heading, first values, the guess."""

    column: int
    heading: str
    samples: list[str]
    guess: Guess


def categories_of(community_id: UUID) -> dict[str, str]:
    """Code → name of the categories in use."""
    found = CardCategory.objects.filter(community_id=community_id, is_active=True)
    return dict(found.order_by("order").values_list("code", "name"))


def first_sheet(batch: ImportBatch) -> tuple[str, list[str]]:
    """The sheet to begin with and all names: the first one that holds anything. Raises BadInput where none does."""
    path = path_of(batch.file_path)
    names = sheet_names(path)
    for name in names[:-1]:
        try:
            read_sheet(path, name)
        except BadInput:
            continue  # an empty first sheet is common; where none can be used, the last one's error is shown
        return name, names
    read_sheet(path, names[-1])
    return names[-1], names


def open_source(batch: ImportBatch, mapping: Mapping[str, str] | None = None) -> Source:
    """The batch's sheet with headings found and merged cells written out. Raises BadInput or RuleBroken."""
    sheet = read_sheet(path_of(batch.file_path), batch.sheet)
    layout = find_layout(sheet.rows, sheet.width, categories_of(batch.community_id))
    spread_merged(sheet.rows, sheet.merged, layout.first)
    chosen = batch.mapping if mapping is None else mapping
    return Source(sheet, layout, {int(column): name for column, name in chosen.items() if name != IGNORE})


def proposals(source: Source, categories: Mapping[str, str]) -> list[Proposal]:
    """One proposal per column, judged by the heading and the first 200 people."""
    rows = [cells for _, cells in islice(people_rows(source.sheet.rows, source.layout), SAMPLE)]
    columns = [[row[place] if place < len(row) else "" for row in rows] for place in range(source.sheet.width)]
    guesses = propose(source.layout.headings, columns, categories)
    return [
        Proposal(place, source.layout.headings[place], list(dict.fromkeys(filter(None, columns[place])))[:3], guess)
        for place, guess in enumerate(guesses)
    ]
