"""Correcting: a record that takes another one back."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from fuhui.registry.ledger.actions.writing import guarded
from fuhui.registry.ledger.events import ServiceReversed
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer

_COPIED = (
    "community_id", "source", "key", "digest", "kind_id", "kind_code", "title", "place", "grid_id", "organiser_id",
    "brands", "occurred_at", "day", "minutes",
)
_COUNTS = ("got_heads", "got_named", "got_homes", "got_unnamed", "gave_heads", "gave_named", "gave_minutes")
_ONCE = ("ledger_record_once", "ledger_record_reversed_once")


@transaction.atomic
def reverse_service(*, by: Viewer, community: UUID, source: str, key: str, reason: str) -> ServiceRecord:
    """Takes the record of `(source, key)` back with a mirrored one of the same day, in the caller's transaction.

    The calling room has checked that `by` may do it. A corrected service is written anew under another key
    ("…:2"). Returns the reversing record. Raises NotFound, BadInput without a reason of two characters or more,
    RuleBroken("reversed") the second time.
    """
    if not by.sees(community):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    if not 2 <= len(reason.strip()) <= 200 or "\x00" in reason:
        raise BadInput("reason", "请写明为什么冲正，2 到 200 个字，例如“时长写错，应为 60 分钟”。", field="reason")
    first = ServiceRecord.objects.filter(community_id=community, source=source, key=key, sign=1).first()
    if first is None:
        raise NotFound("service_record", "台账里没有这条服务记录。")
    row = ServiceRecord(
        id=new_id(), sign=-1, reverses=first, reason=reason.strip(), recorded_by=by.actor,
        recorded_by_name=by.name[:60], **{name: getattr(first, name) for name in _COPIED},
        **{name: -getattr(first, name) for name in _COUNTS},
    )
    _insert(row)
    guarded(lambda: ServicePart.objects.bulk_create(_mirrored(first, row)))
    audit.record("ledger.reverse", by=by, community_id=community, subject="service_record", subject_id=first.id,
                 data={"source": source, "key": key, "reversal": row.id, "reason": row.reason})
    publish(ServiceReversed(community_id=community, record_id=first.id, reversal_id=row.id, source=source, key=key))
    return row


def _insert(row: ServiceRecord) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if broken_constraint(error) not in _ONCE:
            raise
        raise RuleBroken("reversed", "这条记录已经冲正过了，不能再冲正一次。") from error


def _mirrored(first: ServiceRecord, row: ServiceRecord) -> list[ServicePart]:
    parts = ServicePart.objects.filter(community_id=first.community_id, record=first).order_by("id")
    mirrored = [
        ServicePart(
            community_id=row.community_id, record=row, side=part.side, person_id=part.person_id,
            account_id=part.account_id, organisation_id=part.organisation_id, household_id=part.household_id,
            heads=-part.heads, minutes=-part.minutes, day=row.day, sign=-1,
        )
        for part in parts
    ]
    return sorted(mirrored, key=lambda part: str(part.person_id or part.account_id or ""))
