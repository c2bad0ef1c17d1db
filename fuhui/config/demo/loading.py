"""Builds the demo: ground, people, units, then three months told in the order of their moments."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import count
from random import Random

from django.db import connection
from django.utils import timezone

from fuhui.config.demo import Progress, circles, land, residents, workforce
from fuhui.config.demo.clock import Clock, frozen_clock
from fuhui.config.demo.lately import lately, lately_next_door
from fuhui.config.demo.life import Story
from fuhui.config.demo.people_made import Maker
from fuhui.config.demo.planning import Plan, plan_cases, words_of
from fuhui.config.demo.rules_made import make_rules
from fuhui.config.demo.services import beside, tell_services
from fuhui.config.demo.services.teams import VOLUNTEER
from fuhui.config.demo.story import Opening
from fuhui.config.demo.texts import load_matters
from fuhui.config.demo.world import Span, Town
from fuhui.domains.cases.jobs import archive_ended, remind, remind_of_reviews
from fuhui.shared.calendar.queries import load_calendar
from fuhui.shared.messages.actions import mark_all_read
from fuhui.shared.tenancy.scope import enter, leave

SEED = 20261
PER_DAY, PER_DAY_NEXT_DOOR = 4.05, 0.16
REMINDED_DAYS, PREPARING_STEPS = 12, 7
Told = Iterator[datetime]


def load(progress: Progress, *, now: datetime | None = None) -> None:
    """See `fuhui.config.demo.load_demo`."""
    span = Span.ending(now or timezone.now())
    _quick()
    try:
        with _without_collector(), frozen_clock(span.at(span.first, 7)) as clock, workforce.quick_hashes():
            home, others = _prepare(progress, span)
            with beside(lambda: tell_services(home, span)):
                _quick()
                _tell(progress, span, clock, home, others)
    finally:
        leave()
        connection.close()


def _quick() -> None:
    """A power cut in the middle of this load costs the load, which is begun again; nobody's data waits on it."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


@contextmanager
def _without_collector() -> Iterator[None]:
    """Python's search for circles finds nothing worth its time in a load that ends within a minute."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _prepare(progress: Progress, span: Span) -> tuple[Town, list[Town]]:
    """Everything that stands on the first day."""
    rng = Random(SEED)  # noqa: S311 - the same every time is what is wanted
    step = count(1)

    def done() -> None:
        progress("社区、网格、居民和账号", next(step), PREPARING_STEPS)

    home = land.open_home(rng, _sample(span))
    done()
    others = land.neighbours(rng)
    done()
    circles.found_circles(home, home.system())
    for town in others:
        circles.found_few(town)
    done()
    workforce.hire(home)
    workforce.hire_neighbours(others)
    workforce.hire_street([home, *others])
    done()
    residents.import_residents(home, Maker(rng, span.first), home.staff[0])
    done()
    enter(home.system())
    workforce.link_resident(home, residents.person_named(home, "王秀兰"))
    workforce.link_account(home, "lin", residents.person_named(home, VOLUNTEER))
    circles.fill_circles(home, rng, home.secretary)
    done()
    residents.note_consents(home, rng, home.staff[0])
    done()
    return home, others


def _tell(progress: Progress, span: Span, clock: Clock, home: Town, others: list[Town]) -> None:
    matters, rng = load_matters(), Random(SEED + 1)  # noqa: S311
    plans = [*plan_cases(home, matters, span, rng, PER_DAY), *lately(home, matters, span, rng)]
    for place, town in enumerate(others):
        plans += plan_cases(town, matters, span, rng, PER_DAY_NEXT_DOOR)
        plans += lately_next_door(town, place, matters, span, rng)
    told: list[Told] = _stories(plans)
    first, second = (span.at(span.first + timedelta(days=days), 10) for days in (20, 42))
    told.append(make_rules(home, first, second))
    told += [_rounds(span, [home, *others]), _reading(span, [home, *others])]
    _run(told, span, clock, progress)
    clock.set(span.now - timedelta(minutes=1))
    for town in (home, *others):
        enter(town.system())
        remind(town.id, now=clock.moment)


def _stories(plans: list[Plan]) -> list[Told]:
    words, stories = words_of(), dict[int, Opening]()
    ordered = sorted(plans, key=lambda plan: plan.at)
    return [Story(plan, words, stories).tell() for plan in ordered]


def _run(told: list[Told], span: Span, clock: Clock, progress: Progress) -> None:
    """Goes from moment to moment, whoever's turn it is; what would come after the last day is left untold."""
    order = count()
    waiting = [(next(story), next(order), story) for story in told]
    heapq.heapify(waiting)
    days = (span.last - span.first).days + 1
    shown = -1
    while waiting:
        moment, _, story = heapq.heappop(waiting)
        if moment > span.end:
            continue
        day = max((moment.date() - span.first).days + 1, 1)  # some matters are older than the three months
        if day != shown:
            shown = day
            progress("三个月的诉求，第", day, days)
        clock.set(span.fitted(moment))
        following = next(story, None)
        if following is not None:
            heapq.heappush(waiting, (max(following, moment), next(order), story))


def _rounds(span: Span, towns: list[Town]) -> Told:
    """The periodic jobs: reminders of the last days, suspended matters to look at again, the weekly file."""
    for offset in range((span.last - span.first).days + 1):
        day = span.first + timedelta(days=offset)
        if day.weekday() == 0:
            yield span.at(day, 3, 40)
            _each(towns, lambda town, now: archive_ended(town.id, now=now))
        if (span.last - day).days < REMINDED_DAYS and load_calendar().is_working(day):
            yield span.at(day, 8, 35)
            _each(towns, lambda town, now: remind(town.id, now=now))
            _each(towns, lambda town, now: remind_of_reviews(town.id, now=now))


def _each(towns: list[Town], job: Callable[[Town, datetime], object]) -> None:
    for town in towns:
        enter(town.system())
        job(town, timezone.now())


def _reading(span: Span, towns: list[Town]) -> Told:
    """People read their messages in the evening, the last time on the day before the last."""
    for back in range(REMINDED_DAYS, 0, -1):
        yield span.at(span.last - timedelta(days=back), 17, 50)
        for town in towns:
            for viewer in (town.secretary, *town.staff, *town.workers.values(), *town.leaders.values()):
                enter(viewer)
                mark_all_read(by=viewer)


def _sample(span: Span) -> str:
    """The transcript for the paste box, dated on the day and a half before the last day."""
    text = (files("fuhui.config.demo") / "transcript.txt").read_text("utf-8")
    yesterday, before = span.last - timedelta(days=1), span.last - timedelta(days=2)
    return text.replace("{before}", before.isoformat()).replace("{yesterday}", yesterday.isoformat())

