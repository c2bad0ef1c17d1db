"""Open shifts that a volunteer can still take, those that suit best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from fuhui.domains.volunteers.models import Joining, Shift, SignUp, Volunteer
from fuhui.domains.volunteers.queries.fairness import AROUND, facts_of
from fuhui.domains.volunteers.rules.matching import Match, Opening, Wishes, match
from fuhui.domains.volunteers.rules.registration import JoiningState, VolunteerState, age_at
from fuhui.domains.volunteers.rules.signing_up import ZONE, Answer, VolunteerFacts, answer

LOOKED_AT = 200


class Opportunity(NamedTuple):
    """A shift and why it suits."""

    shift: Shift
    match: Match


def opportunities(
    volunteer: Volunteer, teams: Iterable[Joining], own: Iterable[SignUp], now: datetime, limit: int = 5
) -> list[Opportunity]:
    """What the volunteer's sign-up would be accepted for, best first, then the next; not what they gave back.

    `teams` are the volunteer's joinings, `own` their sign-ups (`sign_ups_around`). One statement, however many shifts
    there are; the next 200 are looked at. Nothing for who pauses or has ended.
    """
    if volunteer.state != VolunteerState.ACTIVE:
        return []
    wishes = _wishes(volunteer, frozenset(one.team_id for one in teams if one.state == JoiningState.CONFIRMED))
    found = [Opportunity(shift, match(wishes, _opening(shift))) for shift in _takeable(volunteer, wishes, own, now)]
    return sorted(found, key=lambda one: (-one.match.score, one.shift.starts_at, one.shift.pk))[:limit]


def sign_ups_around(volunteer: Volunteer, now: datetime) -> list[SignUp]:
    """The volunteer's sign-ups, also those given back, of shifts that end later than two days ago, by time."""
    found = SignUp.objects.filter(
        community_id=volunteer.community_id, volunteer=volunteer, shift__ends_at__gt=now - AROUND)
    return list(found.select_related("shift__call").order_by("shift__starts_at", "pk"))


def _takeable(volunteer: Volunteer, wishes: Wishes, own: Iterable[SignUp], now: datetime) -> Iterator[Shift]:
    coming = Shift.objects.filter(
        community_id=volunteer.community_id, starts_at__gt=now, closes_at__gt=now, opens_at__lte=now,
        cancelled_at__isnull=True).select_related("call__team").order_by("starts_at", "pk")[:LOOKED_AT]
    touched = {one.shift_id for one in own}
    others = [(one.shift.starts_at, one.shift.ends_at) for one in own if one.is_live]
    born = volunteer.person.birth_date
    for shift in coming:
        facts = VolunteerFacts(
            is_active=True, skills=volunteer.skills, is_member=shift.call.team_id in wishes.teams, others=others,
            age=age_at(born, shift.starts_at.astimezone(ZONE).date()) if born else 0)
        if shift.pk not in touched and answer(facts_of(shift), facts, now) is Answer.FREE:
            yield shift


def _wishes(volunteer: Volunteer, teams: frozenset[UUID]) -> Wishes:
    near = [volunteer.grid.name] if volunteer.grid else []
    return Wishes(skills=volunteer.skills, free_times=volunteer.free_times, interests=volunteer.interests, near=near,
                  teams=teams)


def _opening(shift: Shift) -> Opening:
    call = shift.call
    return Opening(
        starts_at=shift.starts_at, ends_at=shift.ends_at, words=f"{call.title} {call.about}", place=call.place,
        skill=call.skill, team=call.team_id, team_name=call.team.name if call.team else "",
        free=shift.capacity - shift.taken,
    )
