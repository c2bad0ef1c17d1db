"""The audit trail as a CSV file. Taking it out of the system is itself an entry."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from fuhui.shared import audit
from fuhui.shared.audit.queries import EntryRow, Wanted, all_entries_for, may_read_entries
from fuhui.shared.audit.words import action_word, actor_word, subject_word
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.ui.format import local
from fuhui.shared.viewers import Viewer

HEADINGS = ("序号", "时间", "姓名", "账号", "动作", "动作代码", "对象", "对象编号", "内容", "记录编号")
_MARK = "\ufeff"  # tells spreadsheets that the file is UTF-8
# A cell that begins so would be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file of one line: what is written is handed back."""

    def write(self, text: str) -> str:
        return text


@transaction.atomic
def export_entries(*, by: Viewer, community_id: UUID | None, wanted: Wanted) -> Iterator[str]:
    """Lines of a CSV with every entry that matches, newest first, read while they are sent.

    Raises NotAllowed. The export is written to the trail before the first line leaves.
    """
    may_read_entries(by, community_id).require()
    asked = {name: value for name, value in asdict(wanted).items() if value}
    audit.record("audit.export", by=by, community_id=community_id, subject="audit", data={"wanted": asked})
    return _lines(by, community_id, wanted)


def _lines(by: Viewer, community_id: UUID | None, wanted: Wanted) -> Iterator[str]:
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield _MARK + writer.writerow(HEADINGS)
    with acting(by):
        for entry in all_entries_for(by, community_id=community_id, wanted=wanted):
            yield writer.writerow([harmless(cell) for cell in _cells(entry)])


def _cells(entry: EntryRow) -> list[str]:
    return [
        str(entry.seq or ""), local(entry.at).isoformat(" ", "seconds"), actor_word(entry.actor, entry.actor_name),
        entry.actor, action_word(entry.action), entry.action, subject_word(entry.subject), entry.subject_id,
        json.dumps(entry.data, ensure_ascii=False) if entry.data else "", str(entry.id),
    ]


def harmless(cell: str) -> str:
    """The cell with a quote in front where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
