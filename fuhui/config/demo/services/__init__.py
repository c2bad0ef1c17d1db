"""What the community does for its people: volunteers and their teams, the activities of 2019 to 2021, wishes from the
wall to thanks, and what is on now. Told beside the cases, because neither needs the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from random import Random

from django.db import connection, connections

from fuhui.config.demo.clock import frozen_clock
from fuhui.config.demo.services.coming import hold_lately, open_sign_up
from fuhui.config.demo.services.programme import FIRST_YEAR
from fuhui.config.demo.services.serving import call_for_help, serve_lately
from fuhui.config.demo.services.showing import show_activities
from fuhui.config.demo.services.teams import Roster
from fuhui.config.demo.services.wishing import wish_lately, wish_of_winters
from fuhui.config.demo.services.years import hold_years
from fuhui.config.demo.world import Span, Town
from fuhui.shared.errors import RuleBroken
from fuhui.shared.tenancy.scope import enter, leave

SEED = 2019


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Does `work` in a process of its own while the block runs, where the system can fork; else before it.

    Raises RuleBroken at the end of the block where the work failed; its own words are on stderr then.
    """
    if not hasattr(os, "fork"):
        work()
        yield
        return
    connections.close_all()  # a connection cannot be shared by two processes
    child = os.fork()
    if child == 0:
        _only(work)
    try:
        yield
    finally:
        _, status = os.waitpid(child, 0)
    if status:
        raise RuleBroken("demo_services", "演示社区的志愿者和活动没有生成，原因见上面的输出。")


def _only(work: Callable[[], None]) -> None:
    """The child does its work and ends without what the parent still has to tidy up."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        connections.close_all()
        os._exit(code)


def tell_services(town: Town, span: Span) -> None:
    """Everything, in the order of its days. The clock goes back to the first year for this alone."""
    rng = Random(SEED)  # noqa: S311 - the same every time is what is wanted
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    enter(town.system())
    with frozen_clock(span.at(date(FIRST_YEAR, 1, 2), 9)) as clock:
        roster = Roster(town, rng)
        hold_years(town, clock, roster, rng, span)
        wish_of_winters(town, clock, span)
    with frozen_clock(span.at(span.first, 9)) as clock:
        serve_lately(town, clock, span)
        hold_lately(town, clock, roster, rng, span)
        wish_lately(town, clock, span)
        call_for_help(town, clock, span)
        open_sign_up(town, clock, roster, rng, span)
    with frozen_clock(span.at(span.first, 9)) as clock:
        show_activities(town, clock, roster.neighbours, span)
    leave()
