"""What one person or household gave and got."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from fuhui.registry.ledger.models import PersonDay, ServicePart, ServiceRecord
from fuhui.registry.ledger.permissions import may_read_book
from fuhui.registry.ledger.queries.records import records_for, standing
from fuhui.registry.people.models import Person
from fuhui.shared.viewers import Viewer


def person_minutes(
    viewer: Viewer, community: UUID, who: UUID, *, since: date | None = None, until: date | None = None
) -> int:
    """Minutes that a resident (with everybody merged into them) or an account served on these days.

    Readers of the book ask for anybody, everybody for themselves; 0 otherwise.
    """
    if not viewer.sees(community) or not (
        who in {viewer.person_id, viewer.account_id} or may_read_book(viewer, community).allowed
    ):
        return 0
    # Asked for oneself it is one statement: everybody's own page shows it.
    found = PersonDay.objects.filter(community_id=community)
    if who == viewer.person_id:
        oneself = Person.objects.filter(Q(pk=who) | Q(merged_into=who), community_id=community)
        found = found.filter(who__in=oneself.values("pk"))
    else:
        found = found.filter(who__in=_same(community, who))
    found = found.filter(day__gte=since) if since else found
    found = found.filter(day__lte=until) if until else found
    return int(found.aggregate(total=Sum("minutes"))["total"] or 0)


def services_of_person(
    viewer: Viewer, community: UUID, who: UUID, *, side: str = ServicePart.GAVE
) -> QuerySet[ServiceRecord]:
    """Standing records in which a resident or an account served (`gave`) or was served (`got`), newest first.

    The minutes of the `gave` ones add up to `person_minutes`.
    """
    same = _same(community, who)
    parts = ServicePart.objects.filter(Q(person__in=same) | Q(account=who), community_id=community, side=side, sign=1)
    found = standing(records_for(viewer).filter(community_id=community, pk__in=parts.values("record")))
    return found.select_related("kind").order_by("-day", "-pk")


class Gave(NamedTuple):
    """One service that a person rendered."""

    day: date
    title: str
    place: str
    minutes: int


def gave_on(viewer: Viewer, community: UUID, who: UUID, *, since: date, until: date) -> list[Gave]:
    """What a resident (with everybody merged into them) served on these days and was not taken back, oldest first.

    The minutes add up to `person_minutes` of the same days. Empty for who may not ask.
    """
    if not viewer.sees(community) or not (who == viewer.person_id or may_read_book(viewer, community).allowed):
        return []
    parts = ServicePart.objects.filter(
        person__in=_same(community, who), community_id=community, side=ServicePart.GAVE, sign=1, day__gte=since,
        day__lte=until)
    reversed_ones = ServiceRecord.objects.filter(community_id=community, sign=-1).values("reverses")
    rows = parts.exclude(record__in=reversed_ones).select_related("record").order_by("day", "pk")
    return [Gave(row.day, row.record.title, row.record.place, row.minutes or 0) for row in rows]


def household_services(viewer: Viewer, community: UUID, household: UUID) -> QuerySet[ServiceRecord]:
    """Standing records that served a household or a resident who lived in it then, newest first."""
    parts = ServicePart.objects.filter(community_id=community, household=household, side=ServicePart.GOT, sign=1)
    found = standing(records_for(viewer).filter(community_id=community, pk__in=parts.values("record")))
    return found.select_related("kind").order_by("-day", "-pk")


def _same(community: UUID, who: UUID) -> list[UUID]:
    merged = Person.objects.filter(community_id=community, merged_into=who).values_list("pk", flat=True)
    return [who, *merged]
