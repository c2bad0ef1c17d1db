"""Sports meetings: who enters an event, alone or in a team, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.contests import contest_of
from fuhui.domains.activities.actions.locking import guarded, lock_kind, note, part_of, require
from fuhui.domains.activities.models import Activity, Contest, Entry, Member, SignUp
from fuhui.domains.activities.permissions import is_desk, may_enter_contest, may_plan, may_record_results
from fuhui.domains.activities.rules.activity import Kind, SignState
from fuhui.domains.activities.rules.sports import MOST_ENTRIES, Group, group_of, result_in
from fuhui.domains.activities.rules.teams import Competitor, group_of_team, sound_name, sound_team
from fuhui.registry.people.queries.people import people_by_phone
from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.ui.format import local
from fuhui.shared.viewers import Viewer, system

GONE = "没有找到这个报项，可能已经退出了。"


@dataclass(frozen=True)
class _Known:
    """Somebody with what the register or they themselves say."""

    name: str
    born: int
    sex: str
    agreed: bool

    @property
    def index(self) -> bytes:
        return blind_index(f"{self.name} {self.born}", context="activities.entry.who")


@transaction.atomic
def enter_contest(
    *, by: Viewer, activity_id: UUID, contest_id: UUID, who: Competitor, signup_id: UUID | None = None,
    by_ticket: bool = False,
) -> Entry:
    """Enters somebody: the desk anybody, the holder of a sign-up those who come with it.

    Raises RuleBroken("again") for who is in it already, ("each") beyond the meeting's limit of events a person,
    ("team") for an event of teams.
    """
    activity, contest, signup = _entering(by, activity_id, contest_id, signup_id, by_ticket=by_ticket)
    if contest.team_size > 1:
        raise RuleBroken("team", f"这个项目按队报，一队 {contest.team_size} 人。请写队名和队员。")
    person = _known(activity, who, signup, "name")
    group = group_of(_groups(contest), year=local(activity.starts_at).year, born=person.born, sex=person.sex)
    return _enter(by, contest, signup, [person], group)


@transaction.atomic
def enter_team(
    *, by: Viewer, activity_id: UUID, contest_id: UUID, team: str, members: Sequence[Competitor],
    signup_id: UUID | None = None, by_ticket: bool = False,
) -> Entry:
    """Enters a team of named people, all of one group; it has one lane and one result.

    Each of them counts one event, as in `enter_contest`. Raises BadInput for a team of another size.
    """
    activity, contest, signup = _entering(by, activity_id, contest_id, signup_id, by_ticket=by_ticket)
    if contest.team_size == 1:
        raise RuleBroken("single", "这个项目一人一报，不用报队。")
    name = sound_team(team, members, contest.team_size)
    people = [_known(activity, one, signup, "members") for one in members]
    group = group_of_team(_groups(contest), year=local(activity.starts_at).year,
                          people=[(one.name, one.born, one.sex) for one in people])
    return _enter(by, contest, signup, people, group, name)


@transaction.atomic
def withdraw_entry(
    *, by: Viewer, activity_id: UUID, entry_id: UUID, signup_id: UUID | None = None, by_ticket: bool = False
) -> Entry:
    """Takes a person or a team out of an event before there is a result; the lane stays empty."""
    activity = lock_kind(by, activity_id, Kind.SPORTS)
    signup = _signup(by, activity, signup_id, by_ticket=by_ticket)
    require(may_enter_contest(by, activity, timezone.now()))
    found = Entry.objects.filter(withdrawn_at=None)
    row = part_of(found.filter(signup=signup) if signup else found, activity, entry_id, "entry", GONE)
    if row.result is not None:
        raise RuleBroken("result", "已经有成绩了，不能退出。")
    row.withdrawn_at, row.heat, row.lane = timezone.now(), None, None
    row.save()
    Member.objects.filter(entry=row).update(withdrawn_at=row.withdrawn_at)
    note("activities.withdraw_entry", by, activity, entry=str(row.pk))
    return row


@transaction.atomic
def record_results(*, by: Viewer, activity_id: UUID, contest_id: UUID, results: Mapping[UUID, str]) -> int:
    """Writes results down as typed; an empty one takes a result back. All or none; returns how many changed.

    Raises BadInput whose field is `r-<entry>`.
    """
    activity = lock_kind(by, activity_id, Kind.SPORTS)
    require(may_record_results(by, activity, timezone.now()))
    contest = contest_of(activity, contest_id)
    found = Entry.objects.filter(contest=contest, withdrawn_at=None, pk__in=results)
    changed = [one for one in found if _typed_result(one, results[one.pk], contest.measure)]
    Entry.objects.bulk_update(changed, ["result", "absent"])
    if changed:
        note("activities.results", by, activity, contest=str(contest.pk),
             results={str(one.pk): one.result for one in changed})
    return len(changed)


@transaction.atomic
def note_award(*, by: Viewer, activity_id: UUID, entry_id: UUID) -> None:
    """Keeps in the audit trail that an award with full names was printed."""
    activity = lock_kind(by, activity_id, Kind.SPORTS)
    may_plan(by, activity.community_id).require()
    note("activities.award", by, activity, entry=str(entry_id))


def _typed_result(row: Entry, words: str, measure: str) -> bool:
    before = row.result, row.absent
    try:
        row.result = result_in(words, measure) if words.strip() else None
    except BadInput as error:
        raise BadInput(error.code, f"{row.name}：{error.message}", field=f"r-{row.pk}") from error
    row.absent = row.result is None and bool(words.strip())
    return (row.result, row.absent) != before


def _entering(
    by: Viewer, activity_id: UUID, contest_id: UUID, signup_id: UUID | None, *, by_ticket: bool
) -> tuple[Activity, Contest, SignUp | None]:
    activity = lock_kind(by, activity_id, Kind.SPORTS)
    contest = contest_of(activity, contest_id)
    signup = _signup(by, activity, signup_id, by_ticket=by_ticket)
    require(may_enter_contest(by, activity, timezone.now()))
    if contest.seed is not None and not is_desk(by, activity.community_id):
        raise RuleBroken("drawn", "这个项目已经抽签，不能再报。想参加请打社区电话。")
    return activity, contest, signup


def _enter(
    by: Viewer, contest: Contest, signup: SignUp | None, people: Sequence[_Known], group: Group, team: str = ""
) -> Entry:
    activity = contest.activity
    row = Entry(community_id=activity.community_id, activity=activity, contest=contest, signup=signup, team=team,
                group=group.name, actor=by.actor, at=timezone.now())
    members = [Member(community_id=activity.community_id, activity=activity, contest=contest, entry=row, name=one.name,
                      who_index=one.index, born=one.born, agreed=one.agreed) for one in people]
    _within_limits(row, members)

    def write() -> None:
        row.save()
        Member.objects.bulk_create(members)

    guarded(write)
    note("activities.enter_contest", by, activity, contest=str(contest.pk), entry=str(row.pk))
    return row


def _groups(contest: Contest) -> list[Group]:
    return [Group(**one) for one in contest.groups]


def _known(activity: Activity, who: Competitor, signup: SignUp | None, field: str) -> _Known:
    """Birth year and sex: the register's where it knows exactly one with this name and phone, else as typed."""
    name = sound_name(who.name, field)
    phone = who.phone or (signup.phone if signup and signup.name == name else "") or ""
    reader = system("activities.enter_contest", activity.community_id)
    same = [one for one in people_by_phone(reader, activity.community_id, phone) if one.name == name] if phone else []
    if signup and signup.person and signup.person.name == name:
        same = [signup.person]
    known = same[0] if len(same) == 1 and same[0].birth_date else None
    born = known.birth_date.year if known and known.birth_date else who.born
    if not born:
        whose = f"{name}的" if field == "members" else ""
        raise BadInput("born", f"请写{whose}出生年份，例如 1956；名册里查不到生日。",
                       field="members" if whose else "born")
    return _Known(name, born, (known.sex if known else "") or who.sex, who.agreed)


def _within_limits(row: Entry, members: Sequence[Member]) -> None:
    """Raises RuleBroken beyond the events of a person, the entries of an event, the people of a sign-up."""
    live = Member.objects.filter(activity=row.activity, withdrawn_at=None)
    indices = [one.who_index for one in members]
    elsewhere = [bytes(one) for one in live.filter(who_index__in=indices).exclude(contest=row.contest)
                 .values_list("who_index", flat=True)]
    for one in members:
        mine = elsewhere.count(bytes(one.who_index))
        if mine >= row.activity.contests_each:
            raise RuleBroken("each", f"{one.name}已经报了 {mine} 项，每人最多 {row.activity.contests_each} 项。")
    if Entry.objects.filter(contest=row.contest, withdrawn_at=None).count() >= MOST_ENTRIES:
        raise RuleBroken("full", f"这个项目报满了，最多 {MOST_ENTRIES} 个。")
    if row.signup:
        people = {bytes(one) for one in live.filter(entry__signup=row.signup).values_list("who_index", flat=True)}
        if len(people.union(indices)) > row.signup.heads:
            raise RuleBroken("heads", f"这份报名是 {row.signup.heads} 个人，报项目的人不能比这多。"
                                      "人数多了请重新报名，或打社区电话。")


def _signup(by: Viewer, activity: Activity, signup_id: UUID | None, *, by_ticket: bool) -> SignUp | None:
    """The sign-up that speaks for itself; None for the desk. Raises NotFound for neither."""
    if signup_id is None and is_desk(by, activity.community_id):
        return None
    listed = SignUp.objects.filter(activity=activity).select_related("person")
    found = listed.filter(pk=signup_id).first() if signup_id else None
    is_own = found is not None and by.account_id is not None and found.account_id == by.account_id
    if found is None or not (by_ticket or is_own or is_desk(by, activity.community_id)):
        raise NotFound("signup", "先报名这场运动会，再报项目。")
    if found.state != SignState.CONFIRMED:
        raise RuleBroken("waiting", "报名还没有成功，有了名额才能报项目。")
    return found
