"""Services of the book that the time bank has not stored."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from fuhui.domains.volunteers.models import BankEntry, BankSettings, Volunteer
from fuhui.domains.volunteers.rules.registration import VolunteerState
from fuhui.domains.volunteers.rules.timebank import REQUESTED
from fuhui.registry.ledger.models import ServicePart, ServiceRecord


class Older(NamedTuple):
    """What a catching up would store: records, and the minutes of volunteers in them before rate and cap."""

    records: int
    minutes: int


def not_stored(rules: BankSettings, since: date) -> QuerySet[ServiceRecord]:
    """Standing records since a day with a part that would be stored today, oldest first; none while the bank is
    closed."""
    community_id = rules.community_id
    found = ServiceRecord.objects.filter(community_id=community_id, sign=1, day__gte=since)
    found = found.exclude(source=REQUESTED).filter(
        ~Exists(ServiceRecord.objects.filter(community_id=community_id, reverses=OuterRef("pk"))),
        Exists(_parts(community_id, rules.rate).filter(record=OuterRef("pk"))))
    if rules.kinds:
        found = found.filter(kind_code__in=rules.kinds)
    return found.order_by("day", "pk") if rules.is_open else found.none()


def older(rules: BankSettings, since: date) -> Older:
    """How much is not stored yet."""
    parts = _parts(rules.community_id, rules.rate).filter(
        record__in=not_stored(rules, since).order_by().values("pk"))
    sums = parts.aggregate(records=Count("record", distinct=True), minutes=Sum("minutes"))
    return Older(int(sums["records"] or 0), int(sums["minutes"] or 0))


def _parts(community_id: UUID, rate: int) -> QuerySet[ServicePart]:
    """Parts of volunteers, also of residents who were merged into one, that no entry stands for."""
    here = Volunteer.objects.filter(community_id=community_id).exclude(state=VolunteerState.ENDED)
    stored = BankEntry.objects.filter(community_id=community_id, part=OuterRef("pk"))
    found = ServicePart.objects.filter(
        ~Exists(stored), community_id=community_id, side=ServicePart.GAVE, sign=1, minutes__gte=-(-100 // rate))
    return found.filter(Q(person__merged_into__isnull=True, person__in=here.values("person"))
                        | Q(person__merged_into__in=here.values("person")))
