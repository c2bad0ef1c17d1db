"""A team's list of volunteers, as it was signed on paper or kept in a spreadsheet, registered in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from fuhui.domains.volunteers.actions.registering import guarded
from fuhui.domains.volunteers.models import Joining, Volunteer
from fuhui.domains.volunteers.permissions import may_register_list
from fuhui.domains.volunteers.queries.teams import team_for
from fuhui.domains.volunteers.rules.registration import ADULT, SKILLS, JoiningState, VolunteerState, age_at, number_of
from fuhui.registry.organisations.actions import add_members
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Person
from fuhui.registry.people.queries.roll import people_on_roll
from fuhui.registry.people.rules.roll import RollLine, read_roll
from fuhui.registry.places.queries import community_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput
from fuhui.shared.rows import take_turn
from fuhui.shared.viewers import Viewer, system

_SKILL_KEYS = {name: key for key, name in SKILLS.items()}


@dataclass(frozen=True)
class Registered:
    """What became of a list: new registrations, those who joined the team, and the lines that were left out with
    their reasons (name, reason)."""

    new: int
    joined: int
    left_out: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def register_list(*, by: Viewer, team_id: UUID, roll: str, agreed: bool) -> Registered:
    """Registers the residents on a signed list as volunteers and makes them members of the team.

    One person a line (see `read_roll`); names of skills on the line are kept. Left out with the reason: who is not
    found for certain in the register, minors (their guardian signs the single form), whose registration rests or has
    ended, and the one who enters the list. Who is registered already only joins, who belongs already is passed over:
    a list sent twice is harmless. Raises BadInput without the statement that all of them signed of their own will.
    """
    team = team_for(by, team_id)
    may_register_list(by, team.community_id).require()
    if not agreed:
        raise BadInput("agreed", "请先确认名单上的人都是本人自愿签名。志愿服务不能强迫，也不能代别人答应。",
                       field="agreed")
    lines = read_roll(roll)
    known = people_on_roll(by, team.community_id, lines)
    take_turn("volunteers_number", team.community_id)
    kept, left_out = _sorted_out(by, team.community_id, lines, known)
    before = {row.person_id: row for row in Volunteer.objects.filter(
        community_id=team.community_id, person__in=kept)}
    new = _register(by, team.community_id, {one: line for one, line in kept.items() if one not in before})
    resting = {one for one, row in before.items() if row.state != VolunteerState.ACTIVE}
    left_out += [(kept[one].name, "登记已暂停或退出，请先恢复服务") for one in resting]
    joined = _join(by, team, [row for row in [*before.values(), *new] if row.person_id not in resting])
    audit.record("volunteers.register_list", by=by, community_id=team.community_id, subject="organisation",
                 subject_id=team.pk, data={"new": len(new), "joined": joined, "left_out": len(left_out)})
    return Registered(len(new), joined, tuple(left_out))


def _sorted_out(
    by: Viewer, community_id: UUID, lines: Iterable[RollLine], known: Mapping[int, UUID]
) -> tuple[dict[UUID, RollLine], list[tuple[str, str]]]:
    births = dict(Person.objects.filter(community_id=community_id, pk__in=known.values()).values_list(
        "pk", "birth_date"))
    kept: dict[UUID, RollLine] = {}
    left_out: list[tuple[str, str]] = []
    for line in lines:
        person = known.get(line.number)
        why = _against(by, person, births.get(person) if person else None)
        if person is None or why:
            left_out.append((line.name, why))
        else:
            kept.setdefault(person, line)
    return kept, left_out


def _against(by: Viewer, person: UUID | None, birth: date | None) -> str:
    """Why a line is left out; '' for one that is not."""
    if person is None:
        return "居民名册里没有找到，或同名的不止一位，请补手机号"
    if person == by.person_id:
        return "自己的登记要由别人办"
    if birth is None:
        return "居民档案里没有出生日期"
    return "未满 18 周岁，请由监护人单独登记" if age_at(birth, timezone.localdate()) < ADULT else ""


def _register(by: Viewer, community_id: UUID, lines: Mapping[UUID, RollLine]) -> list[Volunteer]:
    if not lines:
        return []
    last = Volunteer.objects.filter(community_id=community_id).aggregate(last=Max("order"))["last"] or 0
    code = community_for(by, community_id).region_id
    where = Coalesce("household__home__building__grid", "household__grid")
    grids = dict(Person.objects.filter(community_id=community_id, pk__in=lines).values_list("pk", where))
    rows = [
        Volunteer(
            community_id=community_id, person_id=person, order=order, number=number_of(code, order),
            joined_on=timezone.localdate(), registered_by=by.actor, grid_id=grids[person],
            skills=[_SKILL_KEYS[word] for word in line.rest if word in _SKILL_KEYS],
        )
        for order, (person, line) in enumerate(lines.items(), last + 1)
    ]
    guarded(lambda: Volunteer.objects.bulk_create(rows))
    return rows


def _join(by: Viewer, team: Organisation, volunteers: Sequence[Volunteer]) -> int:
    """Those who do not belong yet become members; an open request of theirs is answered with it."""
    open_or_in = {JoiningState.ASKED, JoiningState.CONFIRMED}
    there = {row.volunteer_id: row for row in Joining.objects.select_for_update(of=("self",)).filter(
        community_id=team.community_id, team=team, state__in=open_or_in)}
    fresh = [one for one in volunteers
             if one.pk not in there or there[one.pk].state == JoiningState.ASKED]
    if not fresh:
        return 0
    members = add_members(by=system("volunteers", team.community_id), organisation_id=team.pk,
                          persons=[one.person_id for one in fresh], title="志愿者")
    asks = [Joining(community_id=team.community_id, team=team, volunteer=one, asked_by=by.actor)
            for one in fresh if one.pk not in there]
    rows = {row.volunteer_id: row for row in [*there.values(), *Joining.objects.bulk_create(asks)]}
    for one in fresh:
        rows[one.pk].membership_id = members[one.person_id].pk
    decided = [rows[one.pk] for one in fresh]
    Joining.objects.bulk_update(decided, ["membership_id"])
    Joining.objects.filter(community_id=team.community_id, pk__in=[row.pk for row in decided]).update(
        state=JoiningState.CONFIRMED, decided_at=timezone.now(), decided_by=by.actor)
    return len(fresh)
