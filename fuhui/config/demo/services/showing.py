"""A sports meeting from the entries to the awards, and an exhibition that is open on the last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from fuhui.config.demo.clock import Clock
from fuhui.config.demo.pictures import Upload
from fuhui.config.demo.services.gallery import drawn
from fuhui.config.demo.services.teams import Neighbour
from fuhui.config.demo.services.years import KEYS, published
from fuhui.config.demo.world import Span, Town, act
from fuhui.domains.activities.actions.afterwards import add_photo, give_feedback
from fuhui.domains.activities.actions.attending import check_in, close_activity
from fuhui.domains.activities.actions.competing import enter_contest, enter_team, note_award, record_results
from fuhui.domains.activities.actions.contests import Event, add_contest, draw_heats, limit_contests
from fuhui.domains.activities.actions.exhibiting import add_work, vote
from fuhui.domains.activities.actions.signing import sign_up
from fuhui.domains.activities.models import Activity, Contest, Entry, SignUp
from fuhui.domains.activities.queries import places_in
from fuhui.domains.activities.rules.activity import Kind, Party, Plan, State
from fuhui.domains.activities.rules.sports import AWARDED, result_words
from fuhui.domains.activities.rules.teams import Competitor

MEETING_DAYS_AGO, MEETING_PEOPLE, EACH = 16, 24, 3
GROUPS = "青年组 18-44\n中年组 45-59\n老人组 60以上"
# event, how many enter it, between which hundredths the results lie
EVENTS: tuple[tuple[Event, int, tuple[int, int]], ...] = (
    (Event(title="夹乒乓球", measure="time", lanes=6, groups=GROUPS), 14, (1400, 3200)),
    (Event(title="踢毽子", measure="points", lanes=8, groups=GROUPS), 12, (800, 4600)),
    (Event(title="4×50米接力", measure="time", lanes=4, team_size=4), 4, (3600, 5200)),
)
TEAMS = ("海棠队", "石榴队", "银杏队", "紫藤队")
MEETING_PHOTOS = (("lanes", "接力赛道", "faceless"), ("flags", "场边", "faceless"), ("window", "颁奖合影", ""))
SAID = ((5, "项目不难，老少都能玩。"), (5, "志愿者一直扶着老人，放心。"), (4, "热水少了点。"))
# work, author's name for the public, picture, votes
WORKS: tuple[tuple[str, str, str, int], ...] = (
    ("福山的海", "老渔民", "sea", 3), ("雨后", "墨香", "hills", 2), ("院里的石榴", "桂芳", "pomegranate", 4),
    ("夜里的灯", "三号楼小王", "window", 1), ("守望相助", "退休的于老师", "strokes", 2),
)


def show_activities(town: Town, clock: Clock, neighbours: Sequence[Neighbour], span: Span) -> None:
    """Both, in the order of their days, with some of the neighbours; a coming meeting gets its events."""
    rng = Random(2026)  # noqa: S311 - the same every time is what is wanted
    people = rng.sample(neighbours, MEETING_PEOPLE + sum(votes for *_, votes in WORKS))
    _hold_meeting(town, clock, rng, people[:MEETING_PEOPLE], span)
    _open_exhibition(town, clock, people[MEETING_PEOPLE:], span)
    for coming in Activity.objects.filter(kind=Kind.SPORTS, state=State.PUBLISHED).order_by("pk"):
        for event, _, _ in EVENTS:
            act(town.staff[0], add_contest, activity_id=coming.pk, event=event)


def _hold_meeting(town: Town, clock: Clock, rng: Random, people: Sequence[Neighbour], span: Span) -> None:
    starts = span.at(span.last - timedelta(days=MEETING_DAYS_AGO), 9)
    plan = _plan(town, "邻里趣味运动会", Kind.SPORTS, "社区小学操场", starts, hours=3, capacity=60)
    meeting, staff = published(town, clock, plan, starts - timedelta(days=10)), town.staff[0]
    act(staff, limit_contests, activity_id=meeting.pk, most=EACH)
    contests = [act(staff, add_contest, activity_id=meeting.pk, event=event) for event, _, _ in EVENTS]
    clock.set(starts - timedelta(days=6))
    signups = _sign_up(town, meeting, people)
    for contest, (event, count, _) in zip(contests, EVENTS, strict=True):
        _enter(town, contest, rng.sample(people, count * event.team_size), event.team_size)
    clock.set(starts - timedelta(days=1))
    for number, contest in enumerate(contests):
        act(staff, draw_heats, activity_id=meeting.pk, contest_id=contest.pk, seed=260_101 + number)
    clock.set(starts)
    for signup in signups:
        act(staff, check_in, activity_id=meeting.pk, signup_id=signup.pk, client_uuid=_key("door", signup))
    clock.set(meeting.ends_at)
    for contest, (_, _, between) in zip(contests, EVENTS, strict=True):
        _judge(town, contest, rng, between)
    _afterwards(town, meeting, signups)


def _enter(town: Town, contest: Contest, people: Sequence[Neighbour], size: int) -> None:
    who = [Competitor(name=one.name, born=one.birth.year, sex=one.sex, agreed=place % 3 < 2)
           for place, one in enumerate(people)]
    ids: dict[str, Any] = {"activity_id": contest.activity_id, "contest_id": contest.pk}
    if size == 1:
        for one in who:
            act(town.staff[0], enter_contest, who=one, **ids)
        return
    for number, name in enumerate(TEAMS):
        act(town.staff[0], enter_team, team=name, members=who[number * size : (number + 1) * size], **ids)


def _judge(town: Town, contest: Contest, rng: Random, between: tuple[int, int]) -> None:
    """Results, one of them none, and the awards of the first three of each group."""
    staff, ids = town.staff[0], {"activity_id": contest.activity_id, "contest_id": contest.pk}
    entries = list(Entry.objects.filter(contest=contest).order_by("pk"))
    step = 100 if contest.measure == "points" else 1
    found = {one.pk: rng.randint(*between) // step * step for one in entries}
    typed = {ident: result_words(value, contest.measure).partition(" ")[0] for ident, value in found.items()}
    if contest.team_size == 1:
        typed[entries[-1].pk] = "弃权"
    act(staff, record_results, results=typed, **ids)
    ranked = places_in(contest, list(Entry.objects.filter(contest=contest)))
    for ident in (one.pk for one in entries if 1 <= ranked.get(one.pk, 0) <= AWARDED):
        act(staff, note_award, activity_id=contest.activity_id, entry_id=ident)


def _afterwards(town: Town, meeting: Activity, signups: Sequence[SignUp]) -> None:
    staff = town.staff[0]
    for kind, words, consent in MEETING_PHOTOS:
        picture = Upload(drawn(kind), f"{kind}.jpg")
        act(staff, add_photo, activity_id=meeting.pk, upload=picture, words=words, consent=consent)
    for signup, (stars, words) in zip(signups, SAID, strict=False):
        act(town.system(), give_feedback, activity_id=meeting.pk, signup_id=signup.pk, stars=stars, words=words)
    act(staff, close_activity, activity_id=meeting.pk)


def _open_exhibition(town: Town, clock: Clock, people: Sequence[Neighbour], span: Span) -> None:
    """From yesterday's evening to this one's; those who came have voted, the rest still can."""
    starts = span.at(span.last - timedelta(days=1), 17)
    plan = _plan(town, "窗外的福惠·居民书画摄影展", Kind.EXHIBITION, "党群服务中心一楼", starts, hours=24, capacity=300)
    exhibition, staff = published(town, clock, plan, starts - timedelta(days=8)), town.staff[0]
    clock.set(starts - timedelta(days=2))
    works = [act(staff, add_work, activity_id=exhibition.pk, title=title, author=author, agreed=True,
                 upload=Upload(drawn(kind), f"{kind}.jpg")) for title, author, kind, _ in WORKS]
    signups = _sign_up(town, exhibition, people)
    clock.set(starts + timedelta(hours=1))
    choices = [work for work, (*_, votes) in zip(works, WORKS, strict=True) for _ in range(votes)]
    for signup, work in zip(signups, choices, strict=True):
        act(town.system(), vote, activity_id=exhibition.pk, work_id=work.pk, signup_id=signup.pk)


def _sign_up(town: Town, activity: Activity, people: Sequence[Neighbour]) -> list[SignUp]:
    return [act(town.staff[0], sign_up, activity_id=activity.pk, party=Party(name=one.name, phone=one.phone),
                for_other=True, request_key=uuid5(KEYS, f"{activity.title} {one.line}")) for one in people]


def _key(what: str, signup: SignUp) -> UUID:
    return uuid5(KEYS, f"{what} {signup.request_key}")


def _plan(
    town: Town, title: str, kind: Kind, place: str, starts: datetime, *, hours: int, capacity: int
) -> Plan:
    return Plan(
        title=title, kind=kind, place=place, service_code="culture.all", starts_at=starts,
        ends_at=starts + timedelta(hours=hours), capacity=capacity, organiser=town.units["五福百惠"],
        text="居民自己的作品，给喜欢的投一票。" if kind == Kind.EXHIBITION else "夹球、踢毽、接力，老少都有项目。",
    )
