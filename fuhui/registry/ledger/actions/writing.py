"""Writing one act of service into the book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.registry.ledger.actions.catalogue import kind_in_use
from fuhui.registry.ledger.actions.knowing import Known, know
from fuhui.registry.ledger.events import ServiceWritten
from fuhui.registry.ledger.models import ServiceEvidence, ServicePart, ServiceRecord
from fuhui.registry.ledger.rules.service import Counts, Served, ServedBy, Service, counts, digest, sound
from fuhui.shared import audit
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.rows import broken_constraint
from fuhui.shared.ui.format import local
from fuhui.shared.viewers import Viewer

_WORDS = {
    "ledger_person_day_limit": "有人这一天的服务加起来超过了 24 小时，没有记入。请核对时长，或检查是否已经记过。",
    "ledger_record_not_ahead": "服务时间还没有到。请等服务做完再记，或改正日期和时间。",
}


@transaction.atomic
def write_service(
    *,
    by: Viewer,
    community: UUID,
    source: str,
    key: str,
    kind: str,
    title: str,
    occurred_at: datetime,
    minutes: int,
    organiser: UUID | None = None,
    place: str = "",
    grid: UUID | None = None,
    brands: Sequence[str] = (),
    served_by: Sequence[ServedBy],
    served: Sequence[Served] = (),
    evidence: Sequence[UUID] = (),
) -> ServiceRecord:
    """Writes one act of service in the caller's transaction. The calling room has checked that `by` may do it.

    `(source, key)` names the object it came from ("volunteers.shift", its id): the same content again returns the
    first record and writes nothing; other content raises RuleBroken("other_content"). `kind` is a code of the
    catalogue; `minutes` (1 to 1,440) the length of the session, and of everybody who served unless their part says
    otherwise. `occurred_at` is the beginning; the service belongs to that day. `evidence` are stored photos; they are
    not part of the content. A person merged into another is written as the one that was kept.

    Raises BadInput naming the field, RuleBroken("ledger_person_day_limit") where somebody would have served more than
    24 hours that day, NotFound for a community outside the scope.
    """
    if not by.sees(community):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    service = sound(
        Service(source=source, key=key, kind=kind, title=title, occurred_at=occurred_at, minutes=minutes,
                organiser=organiser, place=place, grid=grid, brands=brands, served_by=served_by, served=served),
        timezone.now(),
    )
    row = ServiceRecord(community_id=community, digest=digest(service))
    first = _first(community, service)
    if first is None:
        known = know(by, community, service, evidence)
        first = _insert(by, row, service, counts(service, lambda person: known.household(person) is not None))
        if first.id == row.id:
            return _finish(by, first, service, known, evidence)
    if first.digest != row.digest:
        raise RuleBroken("other_content", _other(first), record_id=str(first.id))
    return first


def _first(community: UUID, service: Service) -> ServiceRecord | None:
    return ServiceRecord.objects.filter(
        community_id=community, source=service.source, key=service.key, sign=1
    ).first()


def _insert(by: Viewer, row: ServiceRecord, service: Service, counted: Counts) -> ServiceRecord:
    """The row, or the one that another writer of the same key has just committed."""
    kind = kind_in_use(by, row.community_id, service.kind)
    row.kind, row.kind_code = kind, kind.code
    row.source, row.key, row.title, row.place = service.source, service.key, service.title, service.place
    row.grid_id, row.organiser_id, row.brands = service.grid, service.organiser, list(service.brands)
    row.occurred_at, row.day = service.occurred_at, local(service.occurred_at).date()
    row.minutes, row.sign = service.minutes, 1
    row.recorded_by, row.recorded_by_name = by.actor, by.name[:60]
    for name, value in asdict(counted).items():
        setattr(row, name, value)
    guarded(lambda: ServiceRecord.objects.bulk_create([row], ignore_conflicts=True))
    return ServiceRecord.objects.get(community_id=row.community_id, source=service.source, key=service.key, sign=1)


def _finish(
    by: Viewer, row: ServiceRecord, service: Service, known: Known, evidence: Sequence[UUID]
) -> ServiceRecord:
    guarded(lambda: ServicePart.objects.bulk_create(_parts(row, service, known)))
    ServiceEvidence.objects.bulk_create(
        ServiceEvidence(community_id=row.community_id, record=row, file_id=file, by=by.actor)
        for file in dict.fromkeys(evidence)
    )
    audit.record("ledger.write", by=by, community_id=row.community_id, subject="service_record", subject_id=row.id,
                 data={"source": row.source, "key": row.key, "digest": row.digest})
    publish(ServiceWritten(community_id=row.community_id, record_id=row.id, source=row.source, key=row.key))
    return row


def _parts(row: ServiceRecord, service: Service, known: Known) -> list[ServicePart]:
    """Those who served in one order everywhere, so that parallel writers wait for each other and never in a circle."""
    gave = [
        ServicePart(community_id=row.community_id, record=row, side=ServicePart.GAVE, day=row.day, sign=1,
                    person_id=known.kept(part.person), account_id=part.account, organisation_id=part.organisation,
                    heads=part.heads, minutes=part.minutes or service.minutes)
        for part in service.served_by
    ]
    got = [
        ServicePart(community_id=row.community_id, record=row, side=ServicePart.GOT, day=row.day, sign=1,
                    person_id=known.kept(part.person), heads=part.heads,
                    household_id=part.household or known.household(part.person))
        for part in service.served
    ]
    return sorted(gave, key=lambda part: str(part.person_id or part.account_id or "")) + got


def guarded(write: Callable[[], object]) -> None:
    """Runs one write; a broken rule of the database becomes its sentence."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in _WORDS:
            raise
        raise RuleBroken(name, _WORDS[name]) from error


def _other(first: ServiceRecord) -> str:
    return (
        f"这件事已经记入台账（{first.title}），内容和这次的不同。台账只增不改：请先冲正原来的记录，再用新的编号记一条。"
    )
