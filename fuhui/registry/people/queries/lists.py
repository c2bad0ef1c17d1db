"""An uploaded list as the mapping page shows it."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, NamedTuple

from django.utils import timezone

from fuhui.registry.people.importing.source import categories_of, open_source, proposals
from fuhui.registry.people.models import ImportBatch
from fuhui.registry.people.permissions import may_import
from fuhui.registry.people.rules.address import door_text
from fuhui.registry.people.rules.columns import CARD, FIELDS, IGNORE
from fuhui.registry.people.rules.identity import masked
from fuhui.registry.people.rules.rows import read_row
from fuhui.registry.people.rules.sheets import people_rows
from fuhui.registry.people.rules.words import SEX_NAMES, Sex
from fuhui.shared.viewers import Viewer

PREVIEW = 20
_PRIVATE = re.compile(r"\d{7}|\d[\d \-]{8}")
_SURE, _LIKELY = 0.9, 0.7


class MappingView(NamedTuple):
    """Columns with their guess and samples, the choices, and the first rows as they would be read."""

    columns: list[dict[str, Any]]
    choices: list[tuple[str, str]]
    preview: list[list[str]]
    headings: list[str]
    first_row: int


def mapping_view(viewer: Viewer, batch: ImportBatch) -> MappingView:
    """Opens the list again. Raises RuleBroken where its file is gone, NotAllowed."""
    may_import(viewer, batch.community_id).require()
    categories = categories_of(batch.community_id)
    source = open_source(batch)
    columns = [
        {
            "column": one.column,
            "heading": one.heading or f"第 {one.column + 1} 列",
            "samples": _samples(one.samples),
            "field": batch.mapping.get(str(one.column), one.guess.field),
            "reason": one.guess.reason,
            "sure": "有把握"
            if one.guess.confidence >= _SURE
            else "较有把握"
            if one.guess.confidence >= _LIKELY
            else "请核对",
            "tone": "done" if one.guess.confidence >= _LIKELY else "soon",
        }
        for one in proposals(source, categories)
    ]
    choices = [
        (IGNORE, "不导入"),
        *FIELDS.items(),
        *((f"{CARD}{code}", f"类别：{name}") for code, name in categories.items()),
    ]
    today = timezone.localdate()
    rows = [
        read_row(number, cells, source.mapping, categories, today)
        for number, cells in islice(people_rows(source.sheet.rows, source.layout), PREVIEW)
    ]
    preview = [_shown(row, categories) for row in rows]
    return MappingView(
        columns,
        choices,
        preview,
        ["行", "姓名", "性别", "出生日期", "证件号", "电话", "住址", "类别", "问题"],
        source.layout.first,
    )


def _samples(values: list[str]) -> str:
    """First values of a column; what may be an identity number or a phone with its middle hidden."""
    return "、".join(masked(value) if _PRIVATE.search(value) else value for value in values)[:60]


def _shown(row: Any, categories: dict[str, str]) -> list[str]:
    checked = row.checked
    return [
        str(row.number),
        checked.name,
        SEX_NAMES[Sex(checked.sex)] if checked.sex else "",
        str(checked.birth_date or ""),
        masked(checked.id_number or ""),
        masked(checked.phones[0]) if checked.phones else "",
        door_text(row.door) if row.door else row.address,
        "、".join(categories[code] for code in row.cards),
        "；".join(f"{fault.field}：{fault.reason}" for fault in row.faults),
    ]
