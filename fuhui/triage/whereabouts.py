"""Whether letters speak of one place or organisation: a subject like a benefit has none, an issue nearly always has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

# What names of places and organisations end with, longest first.
ENDINGS = (
    "幼儿园|小区|社区|花园|家园|嘉园|公寓|大厦|号线|广场|公园|学院|大学|中学|小学|学校|医院|公司|集团|银行|工厂|市场|商场|超市|酒店|机场|国际|新城|天下|"
    "苑|城|府|庭|湾|邸|园|路|街|巷|道|桥|村|镇|乡|组|站|湖|山|河|江|滩|岛|厂|区|县|市|州"
)
ENDING = re.compile(ENDINGS)
BEFORE = 3
RARE = 0.02


def places_in(text: str) -> frozenset[str]:
    """Endings with the one, two and three characters before each: among them is every name that the text gives."""
    found = set[str]()
    for match in ENDING.finditer(text):
        for start in range(max(0, match.start() - BEFORE), match.start()):
            piece = text[start : match.end()]
            if piece.isalnum():
                found.add(piece)
    return frozenset(found)


def share_of_one_place(people: Sequence[frozenset[str]], spread: Counter[str], total: int) -> float:
    """Which share (0..1) of the others also names the place that most people of a group name.

    ``spread`` counts the letters of the whole table that say each piece, ``total`` all letters; what more than 2 % of
    the rest say is no name ("我们小区").
    """
    most = 0
    allowed = max(1.0, RARE * total)
    for piece, count in Counter(piece for places in people for piece in places).items():
        if count > most and spread[piece] - count <= allowed:
            most = count
    return max(0, most - 1) / max(1, len(people) - 1)
