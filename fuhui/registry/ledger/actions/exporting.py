"""The book as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.db import transaction
from openpyxl import Workbook

from fuhui.registry.ledger.models import ServiceRecord
from fuhui.registry.ledger.queries.figures import figures
from fuhui.registry.ledger.queries.records import narrowed, records_for, require_reader
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.shared import audit
from fuhui.shared.audit.export import harmless
from fuhui.shared.errors import RuleBroken
from fuhui.shared.ui.format import local, when
from fuhui.shared.viewers import Viewer

MOST_ROWS = 50_000
HEADINGS = (
    "日期", "时间", "服务项目", "做了什么", "地点", "网格", "组织方", "品牌和项目", "时长（分钟）", "服务对象人次",
    "记名对象", "未记名人次", "参与服务人次", "服务时长合计（分钟）", "冲正", "原因", "记入人", "记入时间", "来源",
    "来源编号",
)


@transaction.atomic
def export_book(*, by: Viewer, ask: Ask) -> bytes:
    """Records and reversals of an ask with their counts, and a sheet of the figures; names of people are not in it.

    Leaves an audit entry. Raises NotAllowed, and RuleBroken above 50,000 rows.
    """
    require_reader(by, ask.community)
    found = narrowed(records_for(by), ask).select_related("kind", "grid", "organiser").order_by("day", "pk")
    count = found.count()
    if count > MOST_ROWS:
        raise RuleBroken("too_long", f"这段时间有 {count:,} 条，一次最多导出 {MOST_ROWS:,} 条，请把时间段选短一些。")
    audit.record("ledger.export", by=by, community_id=ask.community, subject="service_book", subject_id=None,
                 data={"since": ask.since, "until": ask.until, "rows": count})
    book = Workbook(write_only=True)
    sheet = book.create_sheet("服务记录")
    sheet.append(HEADINGS)
    for row in found.iterator(2000):
        sheet.append(list(_cells(row)))
    sheet = book.create_sheet("数字")
    sheet.append(["数字", "数值", "单位", "记录条数", "怎么算的", "从", "到", "截至"])
    for one in figures(by, ask):
        what = one.definition
        sheet.append([what.name, one.value, what.unit, one.records, what.words, one.since, one.until, when(one.as_of)])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cells(row: ServiceRecord) -> Iterator[object]:
    yield row.day
    yield f"{local(row.occurred_at):%H:%M}"
    for text in (row.kind.name, row.title, row.place, str(row.grid or ""), str(row.organiser or ""),
                 "、".join(row.brands)):
        yield harmless(text)
    yield from (row.minutes * row.sign, row.got_heads, row.got_named, row.got_unnamed, row.gave_heads, row.gave_minutes)
    yield "冲正" if row.sign < 0 else ""
    for text in (row.reason, row.recorded_by_name, f"{local(row.recorded_at):%Y-%m-%d %H:%M}", row.source, row.key):
        yield harmless(text)
