"""Lists as they are signed on paper: who came, and who helped, entered at once after a festival."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.locking import guarded, lock_activity, note, require
from fuhui.domains.activities.models import Activity, CheckIn, Helper, SignUp
from fuhui.domains.activities.permissions import may_enter_list, may_plan
from fuhui.domains.activities.queries import came_by_name
from fuhui.domains.activities.rules.activity import LIVE, MOST_PLACES, MOST_WALK_INS, Outcome, State, minutes_between
from fuhui.registry.people.queries.roll import people_on_roll
from fuhui.registry.people.rules.roll import RollLine, read_roll
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.viewers import Viewer

_HELPING = frozenset({"helper", "lecturer"})


@dataclass(frozen=True)
class Entered:
    """What became of a list: attendances written, residents of the register among them, the names that the register
    does not know for certain, and those who were there already and count once."""

    heads: int
    residents: int
    unknown: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


@transaction.atomic
def enter_attendance_list(
    *, by: Viewer, activity_id: UUID, roll: str, request_key: UUID, unnamed: int = 0
) -> Entered:
    """Writes down everybody on a signed list (one line a person, see `read_roll`), and `unnamed` people more.

    A resident counts once however often they stand on the list or were scanned; a line with several people counts
    those who came along each time. Who is not found for certain counts as a number. The same `request_key` again
    writes nothing. Raises BadInput naming the line, RuleBroken before check-in opens and after the end.
    """
    activity = lock_activity(by, activity_id)
    now = timezone.now()
    require(may_enter_list(by, activity, now))
    earlier = CheckIn.objects.filter(community_id=activity.community_id, client_uuid=request_key).first()
    if earlier:
        return Entered(0, 0)
    if not 0 <= unnamed <= MOST_PLACES:
        raise BadInput("unnamed", f"没有写名字的人数填 0 到 {MOST_PLACES}。", field="unnamed")
    lines = read_roll(roll) if roll.strip() or not unnamed else []
    known = people_on_roll(by, activity.community_id, lines)
    there, fresh, again = came_by_name(activity), [], []
    for line in lines:
        if (person := known.get(line.number)) is None or person not in there:
            fresh.append(line)
        else:
            again.append(line.name)
        there |= {person} if person else set()
    rows = [*_named(activity, fresh, known), *_numbers(activity, fresh, known, unnamed)]
    _write(by, activity, rows, request_key)
    heads = sum(row.heads for row in rows)
    found = sum(row.person_id is not None for row in rows)
    note("activities.enter_list", by, activity, heads=heads, residents=found, lines=len(lines))
    return Entered(heads, found, tuple(line.name for line in fresh if line.number not in known), tuple(again))


@transaction.atomic
def add_helpers(
    *, by: Viewer, activity_id: UUID, roll: str, role: str = "helper", minutes: int | None = None
) -> Entered:
    """Writes down everybody on a list as helper or lecturer with the same minutes (the whole time unless said).

    Only residents of the register: names that it does not know for certain are told and not written. Who is on the
    list already is passed over, so a list sent twice is harmless.
    """
    activity = lock_activity(by, activity_id)
    may_plan(by, activity.community_id).require()
    if activity.state in {State.CLOSED, State.CANCELLED}:
        raise RuleBroken("ended", "活动已经结束，台账只增不改。漏记的服务请在服务台账里补记。")
    length = minutes or minutes_between(activity.starts_at, activity.ends_at)
    if role not in _HELPING or not 1 <= length <= 1440:
        raise BadInput("minutes", "时长 1 到 1440 分钟。", field="helper_minutes")
    lines = read_roll(roll)
    known = people_on_roll(by, activity.community_id, lines)
    there = set(Helper.objects.filter(activity=activity).values_list("person_id", flat=True))
    fresh = [one for one in dict.fromkeys(known.values()) if one not in there]
    guarded(lambda: Helper.objects.bulk_create(
        Helper(community_id=activity.community_id, activity=activity, role=role, person_id=one, minutes=length,
               actor=by.actor) for one in fresh
    ))
    note("activities.helper", by, activity, role=role, minutes=length, people=len(fresh))
    return Entered(len(fresh), len(fresh), tuple(line.name for line in lines if line.number not in known),
                   tuple(line.name for line in lines if known.get(line.number) in there))


def _named(activity: Activity, lines: Iterable[RollLine], known: Mapping[int, UUID]) -> list[CheckIn]:
    """One row a resident; where they signed up as well, it is their sign-up's check-in."""
    rows = SignUp.objects.filter(activity=activity, state__in=LIVE, person__in=known.values())
    signed = {one.person_id: one for one in rows}
    return [
        CheckIn(person_id=known[line.number], signup=signed.get(known[line.number]), heads=line.heads)
        for line in lines if line.number in known
    ]


def _numbers(
    activity: Activity, lines: Iterable[RollLine], known: Mapping[int, UUID], unnamed: int
) -> list[CheckIn]:
    """Who is not known by name, in rows of at most MOST_WALK_INS people."""
    left = unnamed + sum(line.heads for line in lines if line.number not in known)
    whole, rest = divmod(left, MOST_WALK_INS)
    return [CheckIn(heads=heads) for heads in [MOST_WALK_INS] * whole + [rest] * bool(rest)]


def _write(by: Viewer, activity: Activity, rows: Sequence[CheckIn], request_key: UUID) -> None:
    """The first row carries the list's own key, so that the list counts once however often it is sent."""
    now = timezone.now()
    for number, row in enumerate(rows):
        row.community_id, row.activity = activity.community_id, activity
        row.client_uuid = uuid5(request_key, str(number)) if number else request_key
        row.outcome, row.how, row.actor = Outcome.OK.value, "list", by.actor
        row.at, row.received_at = min(activity.starts_at, now), now
    CheckIn.objects.bulk_create(rows)
