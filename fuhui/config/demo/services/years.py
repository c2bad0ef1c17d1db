"""The activities of three years, each planned, approved, published, attended, listed and closed into the book."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from fuhui.config.demo.clock import Clock
from fuhui.config.demo.services.programme import YEARS, Held, programme
from fuhui.config.demo.services.teams import Roster
from fuhui.config.demo.world import Span, Town, act
from fuhui.domains.activities.actions.attending import close_activity
from fuhui.domains.activities.actions.listing import add_helpers, enter_attendance_list
from fuhui.domains.activities.actions.planning import approve_activity, plan_activity, publish_activity
from fuhui.domains.activities.models import Activity
from fuhui.domains.activities.rules.activity import Plan

KEYS = UUID("5b0a3f5e-6c58-5f0e-9f1c-3e1f6a0d2019")
_SIGNED = 0.3  # of those who come, how many write their name on the list


def hold_years(town: Town, clock: Clock, roster: Roster, rng: Random, span: Span) -> None:
    """In the order of the days; each January the teams' new lists come first."""
    enrolled = 0
    for held in programme(rng):
        if enrolled < len(YEARS) and held.day.year >= YEARS[enrolled]:
            roster.enrol(enrolled)
            enrolled += 1
        _hold(town, clock, roster, rng, held, span)


def _hold(town: Town, clock: Clock, roster: Roster, rng: Random, held: Held, span: Span) -> None:
    starts = span.at(held.day, held.series.hour)
    activity = published(town, clock, plan_of(town, held, starts), starts - timedelta(days=8))
    helpers = roster.helpers(held.series.team, 5 + held.heads // 40)
    clock.set(activity.ends_at + timedelta(minutes=40))
    staff = town.staff[0]
    act(staff, add_helpers, activity_id=activity.pk, roll="\n".join(one.line for one in helpers))
    guests = roster.guests(int(held.heads * _SIGNED), but=helpers)
    act(staff, enter_attendance_list, activity_id=activity.pk, roll="\n".join(one.line for one in guests),
        unnamed=held.heads - len(guests), request_key=uuid5(KEYS, f"list {activity.request_key}"))
    act(staff, close_activity, activity_id=activity.pk)


def plan_of(town: Town, held: Held, starts: datetime) -> Plan:
    """The plan of one activity, with places for all who will come."""
    series = held.series
    return Plan(
        title=held.title, kind=series.kind, place=series.place, service_code=series.service, starts_at=starts,
        ends_at=starts + timedelta(hours=series.hours), capacity=held.heads + held.heads // 5 + 10,
        organiser=town.units[series.organiser], text=f"{series.title}由{series.team}出力，居民都可以来，不用带东西。",
    )


def published(town: Town, clock: Clock, plan: Plan, moment: datetime) -> Activity:
    """Planned by the office, approved by the secretary, published."""
    clock.set(moment)
    staff = town.staff[0]
    activity = act(staff, plan_activity, community_id=town.id, plan=plan,
                   request_key=uuid5(KEYS, f"{plan.title} {plan.starts_at.isoformat()}"))
    act(town.secretary, approve_activity, activity_id=activity.pk)
    return act(staff, publish_activity, activity_id=activity.pk)
