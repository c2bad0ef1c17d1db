"""Rules of division codes and grids, in pure Python."""

from __future__ import annotations

import re
from enum import StrEnum

CODE_LENGTH = 12


class RegionLevel(StrEnum):
    """Levels of the statistical division code: 2 digits province, 4 city, 6 district, 9 street, 12 community."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


LEVEL_NAMES = {
    RegionLevel.PROVINCE: "省级",
    RegionLevel.CITY: "地级",
    RegionLevel.DISTRICT: "县级",
    RegionLevel.STREET: "街道/乡镇",
    RegionLevel.COMMUNITY: "社区/村",
}
_SIGNIFICANT = (
    (RegionLevel.PROVINCE, 2),
    (RegionLevel.CITY, 4),
    (RegionLevel.DISTRICT, 6),
    (RegionLevel.STREET, 9),
    (RegionLevel.COMMUNITY, 12),
)


def is_code(code: str) -> bool:
    """True for a 12-digit division code."""
    return bool(re.fullmatch(r"[1-9]\d{11}", code))


def level_of(code: str) -> RegionLevel:
    """The level a 12-digit code stands for: the shortest prefix behind which only zeros follow."""
    for level, digits in _SIGNIFICANT:
        if not code[digits:].strip("0"):
            return level
    return RegionLevel.COMMUNITY


def parent_code(code: str) -> str | None:
    """The code one level up, or None for a province."""
    level = level_of(code)
    digits = [count for _, count in _SIGNIFICANT]
    position = [name for name, _ in _SIGNIFICANT].index(level)
    if position == 0:
        return None
    return code[: digits[position - 1]].ljust(CODE_LENGTH, "0")


def full_code(code: str) -> str:
    """A shorter official code (2, 4, 6 or 9 digits) padded to 12."""
    return code.ljust(CODE_LENGTH, "0")
