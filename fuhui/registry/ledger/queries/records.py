"""Records of the book: which a viewer sees, lists by keyset, one record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.ledger.permissions import READERS, may_read_book
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.registry.people.models import Person
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.viewers import Viewer

PAGE = 50


class RecordPage(NamedTuple):
    """One page of records, newest service first; `after` is the cursor of the next one, '' at the end."""

    records: Sequence[ServiceRecord]
    after: str


def require_reader(viewer: Viewer, community: UUID) -> None:
    """Raises NotFound outside the viewer's scope, NotAllowed where they may not read the book."""
    if not viewer.sees(community):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    may_read_book(viewer, community).require()


def records_for(viewer: Viewer) -> QuerySet[ServiceRecord]:
    """Every record and reversal the viewer sees: readers their community's, everybody those they took part in."""
    whole = set(viewer.communities) if viewer.is_system else {
        one for one in viewer.communities if viewer.has(*READERS, community_id=one)
    }
    rest = [one for one in viewer.communities if one not in whole]
    if not rest:
        return ServiceRecord.objects.filter(community_id__in=whole)
    return ServiceRecord.objects.filter(Q(community_id__in=whole) | Q(community_id__in=rest) & _took_part(viewer))


def _took_part(viewer: Viewer) -> Q:
    mine = Q(account=viewer.account_id) if viewer.account_id else Q(pk__in=[])
    if viewer.person_id:
        mine |= Q(person__in=[viewer.person_id, *_merged_into(viewer.person_id)])
    parts = ServicePart.objects.filter(mine, community_id=OuterRef("community_id"))
    of_record = Q(record=OuterRef("pk")) | Q(record=OuterRef("reverses"))
    return Q(Exists(parts.filter(of_record)))


def _merged_into(person: UUID) -> list[UUID]:
    return list(Person.objects.filter(merged_into=person).values_list("pk", flat=True))


def narrowed(found: QuerySet[ServiceRecord], ask: Ask) -> QuerySet[ServiceRecord]:
    """Those of the records, reversals included, that an ask means."""
    found = found.filter(community_id=ask.community, day__range=(ask.since, ask.until))
    exact = {"kind_code": ask.kind, "kind__send": ask.send, "kind__help": ask.help, "organiser": ask.organiser,
             "grid": ask.grid, "source": ask.source}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if ask.brand:
        found = found.filter(brands__contains=[ask.brand])
    if ask.place:
        found = found.filter(place__contains=ask.place)
    return found.filter(recorded_at__lte=ask.as_of) if ask.as_of else found


def standing(found: QuerySet[ServiceRecord], ask: Ask | None = None) -> QuerySet[ServiceRecord]:
    """Without reversals and what they took back (as of the ask's moment)."""
    taken = ServiceRecord.objects.filter(community_id=OuterRef("community_id"), reverses=OuterRef("pk"))
    if ask and ask.as_of:
        taken = taken.filter(recorded_at__lte=ask.as_of)
    return found.filter(~Exists(taken), sign=1)


def paged(found: QuerySet[ServiceRecord], after: str = "", limit: int = PAGE) -> RecordPage:
    """One page by keyset; page 2,000 costs what page 1 does. Raises BadInput for a cursor that is none."""
    if after:
        day, key = _cursor(after)
        found = found.filter(Q(day__lt=day) | Q(day=day, pk__lt=key), day__lte=day)
    rows = list(found.select_related("kind", "organiser", "grid").order_by("-day", "-pk")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return RecordPage(rows[:limit], f"{last.day:%Y%m%d}{last.pk}" if last else "")


def _cursor(text: str) -> tuple[str, UUID]:
    try:
        if not text[:8].isdecimal():
            raise ValueError
        return f"{text[:4]}-{text[4:6]}-{text[6:8]}", UUID(text[8:])
    except ValueError as error:
        raise BadInput("cursor", "这个翻页地址不完整，请从第一页重新开始。") from error


def book(
    viewer: Viewer, ask: Ask, *, with_reversed: bool = False, after: str = "", limit: int = PAGE
) -> RecordPage:
    """The book's records for an ask; `with_reversed` shows reversals and what they took back as well."""
    found = narrowed(records_for(viewer), ask)
    return paged(found if with_reversed else standing(found, ask), after, limit)


def record_for(viewer: Viewer, record_id: UUID) -> ServiceRecord:
    """One record. Raises NotFound."""
    found = records_for(viewer).select_related("kind__catalogue", "organiser", "grid", "reverses").filter(pk=record_id)
    row = found.first()
    if row is None:
        raise NotFound("service_record", "没有找到这条服务记录，或它不在您的权限范围内。")
    return row


def reversal_of(viewer: Viewer, record: ServiceRecord) -> ServiceRecord | None:
    """The record that takes this one back."""
    return records_for(viewer).filter(community_id=record.community_id, reverses=record).first()


def parts_of(viewer: Viewer, record: ServiceRecord) -> list[ServicePart]:
    """Who served and was served in one record that the viewer sees."""
    record_for(viewer, record.pk)
    found = ServicePart.objects.filter(community_id=record.community_id, record=record)
    return list(found.select_related("organisation", "account").order_by("side", "id"))


def evidence_of(viewer: Viewer, record: ServiceRecord) -> list[UUID]:
    """The photos of one record that the viewer sees."""
    record_for(viewer, record.pk)
    return list(record.evidence.order_by("id").values_list("file_id", flat=True))


def own_records(viewer: Viewer, community: UUID) -> QuerySet[ServiceRecord]:
    """Standing records in which the viewer served or was served."""
    found = ServiceRecord.objects.filter(_took_part(viewer), community_id=community)
    return standing(found) if viewer.sees(community) else found.none()


def reversed_among(viewer: Viewer, community: UUID, records: Sequence[ServiceRecord]) -> frozenset[UUID]:
    """Those of the records that were taken back."""
    taken = records_for(viewer).filter(community_id=community, reverses__in=[one.pk for one in records])
    return frozenset(taken.values_list("reverses_id", flat=True))


__all__ = [
    "PAGE", "RecordPage", "ServicePart", "ServiceRecord", "book", "evidence_of", "narrowed", "own_records", "paged",
    "parts_of", "record_for", "records_for", "require_reader", "reversal_of", "reversed_among", "standing",
]
