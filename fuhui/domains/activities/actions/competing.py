"""Sports meetings: events, entries, the draw, results."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.locking import guarded, lock_activity, note, require
from fuhui.domains.activities.models import Activity, Contest, Entry, SignUp
from fuhui.domains.activities.permissions import is_desk, may_change, may_enter_contest, may_plan, may_record_results
from fuhui.domains.activities.rules.activity import NAME, Kind, SignState
from fuhui.domains.activities.rules.sports import (
    CONTEST,
    MOST_CONTESTS,
    MOST_EACH,
    MOST_ENTRIES,
    MOST_LANES,
    Group,
    Measure,
    draw,
    group_of,
    groups_in,
    result_in,
)
from fuhui.registry.people.queries.people import people_by_phone
from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.ui.format import local
from fuhui.shared.viewers import Viewer, system


@dataclass(frozen=True, kw_only=True)
class Competitor:
    """Who enters. `born` 0 and `sex` empty: as the register knows them. `agreed`: the full name may be published."""

    name: str
    phone: str = ""
    born: int = 0
    sex: str = ""
    agreed: bool = False


@transaction.atomic
def add_contest(
    *, by: Viewer, activity_id: UUID, title: str, measure: str, lanes: int, groups: str = ""
) -> Contest:
    """Adds an event. Raises BadInput naming the field; `groups` as `groups_in` reads them."""
    activity = _meeting(by, activity_id)
    require(may_change(by, activity))
    tidy = title.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= CONTEST:
        raise BadInput("title", f"请写项目名称，最多 {CONTEST} 个字。", field="title")
    if measure not in set(Measure):
        raise BadInput("measure", "请选择怎么算成绩。", field="measure")
    if not 1 <= lanes <= MOST_LANES:
        raise BadInput("lanes", f"一次上场 1 到 {MOST_LANES} 人。", field="lanes")
    if Contest.objects.filter(activity=activity).count() >= MOST_CONTESTS:
        raise RuleBroken("contests", f"一场运动会最多 {MOST_CONTESTS} 个项目。")
    row = Contest(community_id=activity.community_id, activity=activity, title=tidy, measure=measure, lanes=lanes,
                  groups=[asdict(one) for one in groups_in(groups)], actor=by.actor, at=timezone.now())
    guarded(row.save)
    note("activities.add_contest", by, activity, contest=str(row.pk))
    return row


@transaction.atomic
def limit_contests(*, by: Viewer, activity_id: UUID, most: int) -> Activity:
    """Sets how many events a person may enter; who is in more already stays in them."""
    activity = _meeting(by, activity_id)
    require(may_change(by, activity))
    if not 1 <= most <= MOST_EACH:
        raise BadInput("each", f"每人最多报 1 到 {MOST_EACH} 项。", field="each")
    activity.contests_each = most
    activity.save(update_fields=["contests_each"])
    note("activities.limit_contests", by, activity, most=most)
    return activity


@transaction.atomic
def enter_contest(
    *, by: Viewer, activity_id: UUID, contest_id: UUID, who: Competitor, signup_id: UUID | None = None,
    by_ticket: bool = False,
) -> Entry:
    """Enters somebody: the desk anybody, the holder of a sign-up those who come with it.

    Raises RuleBroken("again") for who is in it already, ("each") beyond the meeting's limit of events a person.
    """
    activity = _meeting(by, activity_id)
    contest = _contest(activity, contest_id)
    signup = _signup(by, activity, signup_id, by_ticket=by_ticket)
    require(may_enter_contest(by, activity, timezone.now()))
    if contest.seed is not None and not is_desk(by, activity.community_id):
        raise RuleBroken("drawn", "这个项目已经抽签，不能再报。想参加请打社区电话。")
    row = _entry(activity, contest, who, signup)
    row.actor = by.actor
    _within_limits(row)
    guarded(row.save)
    note("activities.enter_contest", by, activity, contest=str(contest.pk), entry=str(row.pk))
    return row


@transaction.atomic
def withdraw_entry(
    *, by: Viewer, activity_id: UUID, entry_id: UUID, signup_id: UUID | None = None, by_ticket: bool = False
) -> Entry:
    """Takes somebody out of an event before there is a result; the lane stays empty."""
    activity = _meeting(by, activity_id)
    signup = _signup(by, activity, signup_id, by_ticket=by_ticket)
    require(may_enter_contest(by, activity, timezone.now()))
    found = Entry.objects.filter(activity=activity, pk=entry_id, withdrawn_at=None)
    row = (found.filter(signup=signup) if signup else found).first()
    if row is None:
        raise NotFound("entry", "没有找到这个报项，可能已经退出了。")
    if row.result is not None:
        raise RuleBroken("result", "已经有成绩了，不能退出。")
    row.withdrawn_at, row.heat, row.lane = timezone.now(), None, None
    row.save()
    note("activities.withdraw_entry", by, activity, entry=str(row.pk))
    return row


@transaction.atomic
def draw_heats(*, by: Viewer, activity_id: UUID, contest_id: UUID) -> int:
    """Draws heats and lanes with a fresh seed, which is kept and shown; returns how many start."""
    activity = _meeting(by, activity_id)
    require(may_change(by, activity))
    contest = _contest(activity, contest_id)
    rows = {one.pk: one for one in Entry.objects.filter(contest=contest, withdrawn_at=None)}
    if not rows:
        raise RuleBroken("nobody", "还没有人报这个项目，有人报了再抽签。")
    if any(one.result is not None or one.absent for one in rows.values()):
        raise RuleBroken("result", "已经记了成绩，不能重新抽签。")
    contest.seed = secrets.randbelow(900_000) + 100_000
    contest.save(update_fields=["seed"])
    by_group: dict[str, list[UUID]] = {}
    for one in rows.values():
        by_group.setdefault(one.group, []).append(one.pk)
    for ident, slot in draw(by_group, seed=contest.seed, lanes=contest.lanes).items():
        rows[ident].heat, rows[ident].lane = slot
    Entry.objects.bulk_update(rows.values(), ["heat", "lane"])
    note("activities.draw", by, activity, contest=str(contest.pk), seed=contest.seed)
    return len(rows)


@transaction.atomic
def record_results(*, by: Viewer, activity_id: UUID, contest_id: UUID, results: Mapping[UUID, str]) -> int:
    """Writes results down as typed; an empty one takes a result back. All or none; returns how many changed.

    Raises BadInput whose field is `r-<entry>`.
    """
    activity = _meeting(by, activity_id)
    require(may_record_results(by, activity, timezone.now()))
    contest = _contest(activity, contest_id)
    rows = list(Entry.objects.filter(contest=contest, withdrawn_at=None, pk__in=results))
    changed = [one for one in rows if _typed_result(one, results[one.pk], contest.measure)]
    Entry.objects.bulk_update(changed, ["result", "absent"])
    if changed:
        note("activities.results", by, activity, contest=str(contest.pk),
             results={str(one.pk): one.result for one in changed})
    return len(changed)


@transaction.atomic
def note_award(*, by: Viewer, activity_id: UUID, entry_id: UUID) -> None:
    """Keeps in the audit trail that an award with a full name was printed."""
    activity = _meeting(by, activity_id)
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


def _entry(activity: Activity, contest: Contest, who: Competitor, signup: SignUp | None) -> Entry:
    name = who.name.replace("\x00", "").strip()
    if not 1 <= len(name) <= NAME:
        raise BadInput("name", f"请写姓名，最多 {NAME} 个字。", field="name")
    born, sex = _known(activity, name, who, signup)
    if not born:
        raise BadInput("born", "请写出生年份，例如 1956；名册里查不到这位的生日。", field="born")
    group = group_of([Group(**one) for one in contest.groups], year=local(activity.starts_at).year, born=born, sex=sex)
    return Entry(community_id=activity.community_id, activity=activity, contest=contest, signup=signup, name=name,
                 who_index=blind_index(f"{name} {born}", context="activities.entry.who"), born=born,
                 group=group.name, agreed=who.agreed, at=timezone.now())


def _known(activity: Activity, name: str, who: Competitor, signup: SignUp | None) -> tuple[int, str]:
    """Birth year and sex: the register's where it knows exactly one with this name and phone, else as typed."""
    phone = who.phone or (signup.phone if signup and signup.name == name else "") or ""
    reader = system("activities.enter_contest", activity.community_id)
    same = [one for one in people_by_phone(reader, activity.community_id, phone) if one.name == name] if phone else []
    if signup and signup.person and signup.person.name == name:
        same = [signup.person]
    known = same[0] if len(same) == 1 else None
    if known is None or known.birth_date is None:
        return who.born, who.sex
    return known.birth_date.year, known.sex or who.sex


def _within_limits(row: Entry) -> None:
    """Raises RuleBroken beyond the events of a person, the entries of an event, the people of a sign-up."""
    live = Entry.objects.filter(activity=row.activity, withdrawn_at=None)
    mine = live.filter(who_index=row.who_index).exclude(contest=row.contest).count()
    if mine >= row.activity.contests_each:
        raise RuleBroken("each", f"{row.name}已经报了 {mine} 项，每人最多 {row.activity.contests_each} 项。")
    if live.filter(contest=row.contest).count() >= MOST_ENTRIES:
        raise RuleBroken("full", f"这个项目报满了，最多 {MOST_ENTRIES} 人。")
    if row.signup:
        people = {bytes(one) for one in live.filter(signup=row.signup).values_list("who_index", flat=True)}
        if len(people | {bytes(row.who_index)}) > row.signup.heads:
            raise RuleBroken("heads", f"这份报名是 {row.signup.heads} 个人，已经都报了项目。人数多了请重新报名。")


def _meeting(by: Viewer, activity_id: UUID) -> Activity:
    activity = lock_activity(by, activity_id)
    if activity.kind != Kind.SPORTS:
        raise RuleBroken("not_sports", "这场活动不是运动会，没有比赛项目。")
    return activity


def _contest(activity: Activity, contest_id: UUID) -> Contest:
    row = Contest.objects.filter(activity=activity, pk=contest_id).first()
    if row is None:
        raise NotFound("contest", "没有找到这个项目，请重新选择。")
    return row


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
