"""Rows of the export of service records: one per attendance, and per part of the book that came without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from fuhui.domains.volunteers.models import Attendance, Objection, Volunteer
from fuhui.domains.volunteers.rules.certificates import half_hours
from fuhui.domains.volunteers.rules.national import RECORDED, VOID, state_of
from fuhui.registry.accounts.models import Account
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.people.models import Person
from fuhui.shared.audit.words import actor_word
from fuhui.shared.ui.format import local
from fuhui.shared.viewers import Viewer

SHIFTS = "volunteers.shift"  # the source of records that come from attendances
_TIME = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class _Around:
    """What the rows need beside themselves, read once for all of them."""

    names: Mapping[str, str]
    objections: Mapping[UUID, Sequence[str]]
    reversed_: frozenset[tuple[str, UUID]]
    today: date


def attendances(viewer: Viewer, community_id: UUID, since: date, until: date) -> QuerySet[Attendance]:
    """Who was there in shifts of those days."""
    found = Attendance.objects.filter(
        community_id=community_id, community_id__in=viewer.communities, state="present",
        shift__starts_at__date__gte=since, shift__starts_at__date__lte=until)
    return found.select_related("shift__call", "sign_up__volunteer__person").defer(
        "sign_up__volunteer__person__id_number", "sign_up__volunteer__person__phone").order_by("shift__starts_at", "pk")


def parts(viewer: Viewer, community_id: UUID, since: date, until: date) -> QuerySet[ServicePart]:
    """What volunteers gave in those days by records of the book that no attendance stands for."""
    here = Volunteer.objects.filter(community_id=community_id).values("person")
    merged = Person.objects.filter(community_id=community_id, merged_into__in=here).values("pk")
    found = ServicePart.objects.filter(
        community_id=community_id, community_id__in=viewer.communities, side=ServicePart.GAVE, sign=1, day__gte=since,
        day__lte=until)
    found = found.filter(Q(person__in=here) | Q(person__in=merged))
    return found.exclude(record__source=SHIFTS).select_related("record__kind").order_by("day", "pk")


def national_rows(viewer: Viewer, community_id: UUID, since: date, until: date) -> Iterator[tuple[object, ...]]:
    """Every row of the days, in the order of `rules.national.HEADINGS`. The number of statements does not grow with
    that of rows."""
    came, given = list(attendances(viewer, community_id, since, until)), list(
        parts(viewer, community_id, since, until))
    around = _around(community_id, came, since, until)
    yield from (_of_attendance(row, around) for row in came)
    yield from _of_parts(community_id, given)


def _around(community_id: UUID, came: Sequence[Attendance], since: date, until: date) -> _Around:
    said: dict[UUID, list[str]] = defaultdict(list)
    for one in Objection.objects.filter(community_id=community_id, attendance__in=[row.pk for row in came]):
        said[one.attendance_id].append(f"{one.words}（{one.get_state_display()}）")
    actors = [actor for row in came for actor in (row.approved_by, row.shift.call.published_by)]
    return _Around(_names(actors), said, _reversed(community_id, since, until), timezone.localdate())


def _names(actors: Iterable[str]) -> dict[str, str]:
    """Actors in words."""
    accounts = {actor: actor.partition(":")[2] for actor in set(actors) if actor.startswith("account:")}
    known = {str(one.pk): str(one) for one in Account.objects.filter(pk__in=accounts.values())}
    return {actor: known.get(accounts.get(actor, ""), "") or actor_word(actor, "") for actor in set(actors) if actor}


def _reversed(community_id: UUID, since: date, until: date) -> frozenset[tuple[str, UUID]]:
    """Shift and person of the parts whose record was taken back; a merged resident counts as who they are today."""
    found = ServicePart.objects.filter(
        community_id=community_id, side=ServicePart.GAVE, sign=-1, person__isnull=False, record__source=SHIFTS,
        day__gte=since - timedelta(days=1), day__lte=until + timedelta(days=1))
    pairs = list(found.values_list("record__key", "person"))
    now = _kept(who for _, who in pairs)
    return frozenset((key.partition(":")[0], now.get(who, who)) for key, who in pairs)


def _kept(persons: Iterable[Any]) -> dict[Any, Any]:
    """Who merged residents are today."""
    found = Person.objects.filter(pk__in=list(persons), merged_into__isnull=False)
    return dict(found.values_list("pk", "merged_into"))


def _of_attendance(row: Attendance, around: _Around) -> tuple[object, ...]:
    shift, call, who = row.shift, row.shift.call, row.sign_up.volunteer
    state = state_of(
        approved=row.approved, notice_until=row.notice_until, is_booked=row.booked_at is not None, today=around.today,
        is_reversed=row.booked_at is not None and (str(shift.pk), row.person_id) in around.reversed_)
    by_hand = row.needs_review.startswith("负责人")
    approver = around.names.get(row.approved_by, "")
    return (
        who.number, who.person.name, call.title, call.about, call.place, *_span(row.came_at, row.left_at),
        half_hours(row.approved) if row.approved is not None else "", row.approved, "志愿者", shift.served, approver,
        around.names.get(call.published_by, ""), "", _time(row.booked_at), approver,
        "；".join(around.objections.get(row.pk, [])), "负责人补记" if by_hand else "扫码签到", state,
        "；".join(text for text in (row.needs_review, row.approved_why) if text), str(row.pk),
    )


def _of_parts(community_id: UUID, given: Sequence[ServicePart]) -> Iterator[tuple[object, ...]]:
    now = _kept(part.person_id for part in given)
    people: dict[Any, Volunteer] = {one.person_id: one for one in Volunteer.objects.filter(
        community_id=community_id, person__in={now.get(part.person_id, part.person_id) for part in given},
    ).select_related("person").defer("person__id_number", "person__phone")}
    back = dict(ServiceRecord.objects.filter(
        community_id=community_id, reverses__in=[part.record_id for part in given]).values_list("reverses", "reason"))
    for part in given:
        one, who = part.record, people[now.get(part.person_id, part.person_id)]
        ended = one.occurred_at + timedelta(minutes=part.minutes)
        by = actor_word(one.recorded_by, one.recorded_by_name)
        yield (
            who.number, who.person.name, one.title, one.kind.name, one.place, *_span(one.occurred_at, ended),
            half_hours(part.minutes), part.minutes, "志愿者", one.got_heads, by, by, "", _time(one.recorded_at), by,
            "", f"台账：{one.source}", VOID if part.record_id in back else RECORDED, back.get(part.record_id, ""),
            str(one.pk),
        )


def _span(begin: Any, end: Any) -> tuple[str, str]:
    return _time(begin), _time(end)


def _time(moment: Any) -> str:
    return f"{local(moment):{_TIME}}" if moment else ""
