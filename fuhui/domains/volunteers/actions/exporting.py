"""Service records of a period as a workbook or as CSV, for handing them on to the national system by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Literal
from uuid import UUID

from django.db import transaction
from openpyxl import Workbook

from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries.national import attendances, national_rows, parts
from fuhui.domains.volunteers.rules.national import HEADINGS
from fuhui.shared import audit
from fuhui.shared.audit.export import harmless
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.viewers import Viewer

MOST_ROWS = 20_000
_MARK = "\ufeff"  # tells spreadsheets that the file is UTF-8


@transaction.atomic
def export_records(
    *, by: Viewer, community_id: UUID, since: date, until: date, form: Literal["xlsx", "csv"]
) -> bytes:
    """One row for each attendance and each other service of a volunteer, days from `since` to `until` inside.

    Leaves an audit entry. Raises NotAllowed, BadInput for days in the wrong order, RuleBroken above 20,000 rows.
    """
    if not is_office(by, community_id):
        raise NotAllowed("volunteers_export", "服务记录由社区工作者或书记导出；自己的记录在“服务记录和证明”里。")
    if until < since:
        raise BadInput("to", "结束日期不能早于开始日期。", field="to")
    count = sum(each(by, community_id, since, until).count() for each in (attendances, parts))
    if count > MOST_ROWS:
        raise RuleBroken("too_long", f"这段时间有 {count:,} 条，一次最多导出 {MOST_ROWS:,} 条，请把时间段选短一些。")
    audit.record("volunteers.export", by=by, community_id=community_id, subject="volunteer_records", subject_id=None,
                 data={"since": since, "until": until, "rows": count, "form": form})
    rows = (_cells(row) for row in national_rows(by, community_id, since, until))
    return _csv(rows) if form == "csv" else _xlsx(rows)


def _cells(row: tuple[object, ...]) -> list[object]:
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]


def _xlsx(rows: Iterator[list[object]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("志愿服务记录")
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _csv(rows: Iterator[list[object]]) -> bytes:
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return (_MARK + kept.getvalue()).encode()
