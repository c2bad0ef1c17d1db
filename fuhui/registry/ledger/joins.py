"""What the book tells other rooms: its own figures, photos' readers, a person's services, persons in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from fuhui.registry.ledger.models import ServiceEvidence, ServicePart, ServiceRecord
from fuhui.registry.ledger.queries.figures import figures, records_behind
from fuhui.registry.ledger.queries.persons import person_minutes, services_of_person
from fuhui.registry.ledger.queries.records import records_for
from fuhui.registry.ledger.registry import FigureRoom, RowPage
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.registry.people.registry import Panel
from fuhui.shared.files import StoredFile
from fuhui.shared.ui.format import day, minutes_words
from fuhui.shared.ui.shapes import Row, row
from fuhui.shared.viewers import Viewer

SHOWN = 20


def record_row(record: ServiceRecord, *, reversed_ids: frozenset[UUID] = frozenset()) -> Row:
    """A record as a line of a list."""
    where = " · ".join(filter(None, [record.place, str(record.organiser or "")]))
    people = f"{abs(record.got_heads)} 人次" if record.got_heads else ""
    taken = "冲正" if record.sign < 0 else "已冲正" if record.pk in reversed_ids else ""
    return row(
        title=record.title, href=reverse("ledger:record", args=[record.pk]), sub=where,
        meta=day(record.day), pill=taken or record.kind.name, tone="late" if taken else "neutral",
        note=" · ".join(filter(None, [people, minutes_words(record.minutes)])), id=str(record.pk),
    )


def _rows(viewer: Viewer, ask: Ask, code: str, after: str, limit: int) -> RowPage:
    page = records_behind(viewer, ask, code, after=after, limit=limit)
    return RowPage([record_row(record) for record in page.records], page.after)


BOOK_FIGURES = FigureRoom("book", "服务台账", figures, _rows)


def may_read_photo(viewer: Viewer, stored: StoredFile) -> bool:
    """A photo of a service is for those who see the record, and for who has just uploaded it."""
    records = ServiceEvidence.objects.filter(community_id=stored.community_id, file_id=stored.id).values("record")
    return stored.uploaded_by == viewer.actor or records_for(viewer).filter(pk__in=records).exists()


def persons_in_use(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons who served or were served."""
    found = ServicePart.objects.filter(community_id=community_id, person__in=ids)
    return set(found.values_list("person_id", flat=True))


def note_merge(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """What is written stays: the merged person's parts are read through the merge. Notes how many there are."""
    parts = ServicePart.objects.filter(community_id=community_id, person=merged)
    return {"read_through_the_merge": parts.count()}


def panel(viewer: Viewer, person_id: UUID) -> Panel | None:
    """What a person gave and got, newest first, as far as the viewer sees it."""
    rows: list[tuple[str, str]] = []
    title = "服务记录"
    for community in viewer.communities:
        minutes = person_minutes(viewer, community, person_id)
        title = f"服务记录（参与服务 {minutes_words(minutes)}）" if minutes else title
        for side, what in ((ServicePart.GAVE, "参与"), (ServicePart.GOT, "接受")):
            rows += [
                (f"{day(one.day)} {what}：{one.title}（{one.kind}）", reverse("ledger:record", args=[one.pk]))
                for one in services_of_person(viewer, community, person_id, side=side)[:SHOWN]
            ]
    return Panel(title, rows, "还没有服务记录。")
