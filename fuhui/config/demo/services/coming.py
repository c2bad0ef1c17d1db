"""What was on in these weeks and what is coming: open for sign-up, one full with a waiting list, one to be approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import uuid5

from fuhui.config.demo.clock import Clock
from fuhui.config.demo.services.teams import Roster
from fuhui.config.demo.services.years import KEYS, published
from fuhui.config.demo.world import Span, Town, act
from fuhui.domains.activities.actions.attending import close_activity
from fuhui.domains.activities.actions.listing import add_helpers, enter_attendance_list
from fuhui.domains.activities.actions.planning import plan_activity
from fuhui.domains.activities.actions.signing import sign_up
from fuhui.domains.activities.rules.activity import Kind, Party, Plan


@dataclass(frozen=True)
class Coming:
    """An activity so many days from the last day (before it where negative), and how many sign up or came."""

    title: str
    kind: Kind
    service: str
    place: str
    days: int
    hour: int
    hours: int
    capacity: int
    people: int
    text: str = ""


LATELY: tuple[Coming, ...] = (
    Coming("福惠讲堂：秋冬怎么护心脑", Kind.LECTURE, "health.all", "党群服务中心报告厅", -40, 9, 2, 80, 52),
    Coming("智能手机课：学会视频和挂号", Kind.COURSE, "skill.empty_nest", "四点半课堂", -24, 14, 2, 40, 27),
    Coming("和谐睦邻·邻里守望", Kind.FESTIVAL, "warmth.all", "福惠广场", -13, 9, 3, 150, 104),
    Coming("健康义诊", Kind.CLINIC, "health.empty_nest", "健康驿站", -5, 9, 3, 120, 83),
)
NEXT: tuple[Coming, ...] = (
    Coming("智能手机课：防诈骗", Kind.COURSE, "skill.empty_nest", "四点半课堂", 2, 14, 2, 8, 11,
           "人少好教，带上自己的手机。报满了可以排候补，有空位会告诉您。"),
    Coming("福惠讲堂：高血压怎么管", Kind.LECTURE, "health.all", "党群服务中心报告厅", 4, 9, 2, 80, 9,
           "卫生院医生主讲，现场量血压。"),
    Coming("大手牵小手：一起做手工", Kind.COURSE, "skill.migrant_worker", "四点半课堂", 6, 15, 2, 30, 6,
           "六到十二岁的孩子和家长一起来，材料社区准备。"),
    Coming("书画摄影艺术展", Kind.EXHIBITION, "culture.all", "党群服务中心一楼", 9, 9, 7, 300, 5,
           "居民自己的作品，欢迎来看。"),
    Coming("趣味运动会", Kind.SPORTS, "culture.all", "社区小学操场", 12, 9, 3, 240, 8,
           "跳绳、拔河、夹球跑，老少都有项目。"),
)  # fmt: skip
PLANNED = Coming("“冬天不再寒冷”微心愿认领", Kind.FESTIVAL, "warmth.hardship", "党群服务中心", 18, 9, 3, 150, 0,
                 "现场认领微心愿，等书记审批。")


def hold_lately(town: Town, clock: Clock, roster: Roster, rng: Random, span: Span) -> None:
    """What was held since the community works with cases too."""
    for one in LATELY:
        plan = _plan(town, one, span)
        activity = published(town, clock, plan, plan.starts_at - timedelta(days=7))
        clock.set(activity.ends_at + timedelta(minutes=30))
        helpers = roster.helpers("阳光助老队", 6)
        act(town.staff[0], add_helpers, activity_id=activity.pk, roll="\n".join(who.line for who in helpers))
        guests = roster.guests(one.people // 2, but=helpers)
        act(town.staff[0], enter_attendance_list, activity_id=activity.pk, unnamed=one.people - len(guests),
            roll="\n".join(who.line for who in guests), request_key=uuid5(KEYS, f"list {activity.request_key}"))
        act(town.staff[0], close_activity, activity_id=activity.pk)


def open_sign_up(town: Town, clock: Clock, roster: Roster, rng: Random, span: Span) -> None:
    """What can be signed up for on the last day; everybody rang up, one after another."""
    clock.set(span.at(span.last - timedelta(days=1), 9))
    for one in NEXT:
        activity = published(town, clock, _plan(town, one, span), clock.moment)
        for guest in roster.guests(one.people):
            party = Party(name=guest.name, phone=guest.phone)
            act(town.staff[0], sign_up, activity_id=activity.pk, party=party, for_other=True,
                request_key=uuid5(KEYS, f"{one.title} {guest.line}"))
    act(town.staff[0], plan_activity, community_id=town.id, plan=_plan(town, PLANNED, span),
        request_key=uuid5(KEYS, PLANNED.title))


def _plan(town: Town, one: Coming, span: Span) -> Plan:
    starts = span.at(span.last + timedelta(days=one.days), one.hour)
    return Plan(
        title=one.title, kind=one.kind, place=one.place, service_code=one.service, starts_at=starts,
        ends_at=starts + timedelta(hours=one.hours), capacity=one.capacity, organiser=town.units["五福百惠"],
        text=one.text or "居民都可以来，不用带东西。",
    )
