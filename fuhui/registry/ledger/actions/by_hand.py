"""What people do with the book on its own pages: write what no room records, reverse, add a photo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from fuhui.registry.ledger.actions.reversing import reverse_service
from fuhui.registry.ledger.actions.writing import write_service
from fuhui.registry.ledger.models import ServiceEvidence, ServiceRecord
from fuhui.registry.ledger.permissions import may_add_evidence, may_reverse, may_write_by_hand
from fuhui.registry.ledger.queries.records import record_for
from fuhui.registry.ledger.registry import source_of
from fuhui.registry.ledger.rules.service import Service
from fuhui.shared import audit
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.files.actions import store_photo
from fuhui.shared.viewers import Viewer

HAND = "hand"
MOST_PHOTOS = 12


@transaction.atomic
def write_by_hand(*, by: Viewer, community: UUID, service: Service, photos: Sequence[Any] = ()) -> ServiceRecord:
    """Writes a service that no other room records, with its photos. `service.key` is made by the form, so that a
    form sent twice writes once. Raises as `write_service`, NotAllowed, and BadInput for a file that is no photo."""
    if not by.sees(community):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    may_write_by_hand(by, community).require()
    _not_too_many(0, photos)
    row = write_service(
        by=by, community=community, source=HAND, key=service.key, kind=service.kind, title=service.title,
        occurred_at=service.occurred_at, minutes=service.minutes, organiser=service.organiser, place=service.place,
        grid=service.grid, brands=service.brands, served_by=service.served_by, served=service.served,
    )
    if photos and not ServiceEvidence.objects.filter(record=row).exists():
        _keep(by, row, photos)
    return row


@transaction.atomic
def reverse_by_hand(*, by: Viewer, record_id: UUID, reason: str) -> ServiceRecord:
    """Reverses a record from its page. One that another room wrote is corrected there: RuleBroken("other_room")."""
    row = record_for(by, record_id)
    may_reverse(by, row.community_id).require()
    if row.sign < 0:
        raise RuleBroken("is_reversal", "这条本身就是冲正记录，不能再冲正。需要恢复请重新记一次服务。")
    source = source_of(row.source)
    if source is not None:
        raise RuleBroken("other_room", f"这条记录来自“{source.name}”，请在那里更正，台账会跟着冲正。")
    return reverse_service(by=by, community=row.community_id, source=row.source, key=row.key, reason=reason)


@transaction.atomic
def add_evidence(*, by: Viewer, record_id: UUID, photos: Sequence[Any]) -> ServiceRecord:
    """Adds photos to a record; at most 12 of them stay for ever."""
    row = record_for(by, record_id)
    may_add_evidence(by, row.community_id).require()
    _not_too_many(row.evidence.count(), photos)
    _keep(by, row, photos)
    return row


def _not_too_many(there: int, photos: Sequence[Any]) -> None:
    if there + len(photos) > MOST_PHOTOS:
        raise RuleBroken("too_many_photos", f"每条记录最多 {MOST_PHOTOS} 张照片，请挑最能说明的几张。", field="photos")


def _keep(by: Viewer, row: ServiceRecord, photos: Sequence[Any]) -> None:
    for upload in photos:
        stored = store_photo(
            community_id=row.community_id, upload=upload, name=getattr(upload, "name", ""), by=by, purpose="service"
        )
        ServiceEvidence.objects.create(community_id=row.community_id, record=row, file_id=stored.id, by=by.actor)
        audit.record("ledger.add_evidence", by=by, community_id=row.community_id, subject="service_record",
                     subject_id=row.id, data={"file": stored.id, "sha256": stored.sha256})
