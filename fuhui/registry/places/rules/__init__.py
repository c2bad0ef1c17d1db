"""Rules of division codes, grid borders and door names, in pure Python."""

from fuhui.registry.places.rules.codes import (
    CODE_LENGTH,
    LEVEL_NAMES,
    RegionLevel,
    full_code,
    is_code,
    level_of,
    parent_code,
)

__all__ = ["CODE_LENGTH", "LEVEL_NAMES", "RegionLevel", "full_code", "is_code", "level_of", "parent_code"]
