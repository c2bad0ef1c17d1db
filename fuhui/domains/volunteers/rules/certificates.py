"""Stars and what a certificate of service says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fuhui.shared.errors import BadInput

# Hours for one to five stars, as published by provinces; a community may set its own.
DEFAULT_STARS: Mapping[int, int] = {1: 100, 2: 300, 3: 600, 4: 1000, 5: 1500}
MOST_LINES = 40
MOST_HOURS = 100_000


class Line(NamedTuple):
    """One service of a certificate; `day` in ISO format."""

    day: str
    title: str
    place: str
    minutes: int


def stars_for(minutes: int, table: Mapping[int, int]) -> int:
    """How many stars so many minutes are; 0 before the first."""
    return max((stars for stars, hours in table.items() if minutes >= hours * 60), default=0)


def sound_stars(table: Mapping[int, int]) -> dict[int, int]:
    """The table, or BadInput where a higher star needs no more hours than the one below."""
    hours = [table[stars] for stars in sorted(table)]
    sound = sorted(table) == [1, 2, 3, 4, 5] and sorted(set(hours)) == hours
    if not sound or not all(1 <= one <= MOST_HOURS for one in hours):
        raise BadInput("stars", "五个星级都要填小时数，一级比一级多，最多 10 万小时，例如 100、300、600、1000、1500。",
                       field="stars")
    return dict(table)


def half_hours(minutes: int) -> str:
    """Hours as records hold them, in steps of half an hour, never rounded up: `7.5`, `8`."""
    halves = minutes // 30
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)


def shown_lines(lines: Sequence[Line]) -> tuple[Sequence[Line], int]:
    """The lines that fit, and how many services stand behind the last one's summary."""
    return (lines, 0) if len(lines) <= MOST_LINES else (lines[:MOST_LINES], len(lines) - MOST_LINES)
