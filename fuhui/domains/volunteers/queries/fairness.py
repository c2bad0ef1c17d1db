"""What a sign-up would be answered, and who is asked first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, Sum

from fuhui.domains.volunteers.models import Joining, Shift, SignUp, Volunteer
from fuhui.domains.volunteers.rules.registration import JoiningState, VolunteerState, age_at
from fuhui.domains.volunteers.rules.signing_up import ZONE, Answer, ShiftFacts, VolunteerFacts, answer
from fuhui.registry.accounts.models import Account
from fuhui.registry.ledger.models import PersonDay

AROUND = timedelta(days=2)  # shifts further away collide with nothing and tire nobody
LOOKED_BACK = timedelta(days=365)


class Candidate(NamedTuple):
    """Who could take a place, with the minutes they served in the last year."""

    volunteer: Volunteer
    minutes: int


def answer_for(shift: Shift, volunteer: Volunteer, now: datetime, *, close_is_fine: bool = False) -> Answer:
    """What this volunteer's sign-up is answered now."""
    facts = _volunteer_facts(shift, [volunteer])[volunteer.pk]
    return answer(facts_of(shift), facts, now, close_is_fine=close_is_fine)


def candidates(shift: Shift, now: datetime) -> list[Candidate]:
    """Every volunteer of the community whose sign-up would be accepted; who served least in the last year first.

    The number decides among equals; who gave back a place of this shift is not asked for it. The number of statements
    does not grow with that of volunteers.
    """
    gave_back = SignUp.objects.filter(community_id=shift.community_id, shift=shift, is_live=False).values("volunteer")
    rows = list(Volunteer.objects.filter(community_id=shift.community_id, state=VolunteerState.ACTIVE)
                .exclude(pk__in=gave_back).select_related("person").defer("person__id_number", "person__phone"))
    facts, own = _volunteer_facts(shift, rows), facts_of(shift)
    free = [row for row in rows if answer(own, facts[row.pk], now) is Answer.FREE]
    served = _served(shift.community_id, [row.person_id for row in free], now)
    found = [Candidate(row, served.get(row.person_id, 0)) for row in free]
    return sorted(found, key=lambda one: (one.minutes, one.volunteer.order))


def accounts_of(persons: Iterable[UUID]) -> dict[UUID, UUID]:
    """The active account of each resident who has one."""
    found = Account.objects.filter(person_id__in=list(persons), is_active=True).order_by("pk")
    return {person: account for person, account in found.values_list("person_id", "pk") if person}


def facts_of(shift: Shift) -> ShiftFacts:
    """What a sign-up for this shift is measured against."""
    call = shift.call
    return ShiftFacts(
        starts_at=shift.starts_at, ends_at=shift.ends_at, opens_at=shift.opens_at, closes_at=shift.closes_at,
        free=shift.capacity - shift.taken, is_cancelled=shift.cancelled_at is not None, team_only=call.team_only,
        is_dangerous=call.is_dangerous, min_age=call.min_age, skill=call.skill,
    )


def _volunteer_facts(shift: Shift, rows: Sequence[Volunteer]) -> dict[UUID, VolunteerFacts]:
    ids = [row.pk for row in rows]
    near = SignUp.objects.filter(
        Q(shift__starts_at__lt=shift.ends_at + AROUND) & Q(shift__ends_at__gt=shift.starts_at - AROUND),
        community_id=shift.community_id, volunteer__in=ids, is_live=True)
    others: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    signed: set[UUID] = set()
    for who, where, begin, end in near.values_list("volunteer", "shift", "shift__starts_at", "shift__ends_at"):
        if where == shift.pk:
            signed.add(who)
        else:
            others[who].append((begin, end))
    members = set(Joining.objects.filter(community_id=shift.community_id, team=shift.call.team_id, volunteer__in=ids,
                                         state=JoiningState.CONFIRMED).values_list("volunteer", flat=True))
    day = shift.starts_at.astimezone(ZONE).date()
    return {
        row.pk: VolunteerFacts(
            is_active=row.state == VolunteerState.ACTIVE, skills=row.skills, is_member=row.pk in members,
            age=age_at(row.person.birth_date, day) if row.person.birth_date else 0, others=others[row.pk],
            is_signed_up=row.pk in signed,
        )
        for row in rows
    }


def _served(community_id: UUID, persons: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    found = PersonDay.objects.filter(community_id=community_id, who__in=persons, day__gte=(now - LOOKED_BACK).date())
    return {row["who"]: int(row["total"]) for row in found.values("who").annotate(total=Sum("minutes"))}
