"""What happens to cases by the clock: reminders of what is due, cases that are late, days to look again, archiving."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from fuhui.domains.cases.actions.closing import archive_case
from fuhui.domains.cases.actions.informing import inform_accounts
from fuhui.domains.cases.models import Case, CasePause
from fuhui.domains.cases.rules.clocks import DUE_SOON, Priority
from fuhui.domains.cases.rules.states import OPEN, PAUSED, State
from fuhui.registry.accounts.queries.staff import accounts_in_role, workers_of_grid
from fuhui.shared.errors import PeopleError
from fuhui.shared.jobs import every, for_each_community
from fuhui.shared.tenancy.scope import current
from fuhui.shared.ui.format import when
from fuhui.shared.viewers import Role

ARCHIVE_AFTER = timedelta(days=60)
STREET_HEARS_AFTER = timedelta(days=3)
URGENT_SOON = timedelta(minutes=30)
AT_ONCE = 2000  # cases looked at in one round, oldest due first; the next round takes up the rest


@every("*/5 * * * *", "cases.watch_clocks")
def watch_clocks() -> None:
    """Due-soon and overdue messages for every community."""
    for_each_community(_remind_now)


@every("15 7 * * *", "cases.review_suspended")
def review_suspended() -> None:
    """The day to look again at suspended cases has come."""
    for_each_community(lambda community: remind_of_reviews(community, now=timezone.now()))


@every("40 3 * * *", "cases.archive")
def archive() -> None:
    """Ended cases become part of the file after 60 days."""
    for_each_community(_archive_now)


def remind(community_id: UUID, *, now: datetime) -> int:
    """One message per case, date and person: soon to the handlers, late to them and the secretary, three days late
    to the street as well. Returns how many cases were looked at."""
    rows = list(
        Case.objects.filter(
            community_id=community_id, state__in=sorted(OPEN - PAUSED), due_at__lt=now + DUE_SOON
        ).order_by("due_at", "id")[:AT_ONCE]
    )
    for case in rows:
        if case.due_at < now:
            _late(case, now)
        elif _is_soon(case, now):
            _soon(case)
    return len(rows)


def remind_of_reviews(community_id: UUID, *, now: datetime) -> None:
    """Tells the handler and the secretary of each suspended case whose review day has come."""
    today = timezone.localdate(now)
    for pause in CasePause.objects.filter(
        community_id=community_id, kind="suspended", end=None, review_on__lte=today
    ).select_related("case"):
        people = {*_answerable(pause.case), *accounts_in_role(community_id, Role.SECRETARY)}
        inform_accounts(
            pause.case,
            sorted(people),
            title="挂账到复查日",
            body="请看现在能不能办。",
            dedupe=f"review:{pause.review_on}",
        )


def archive_ended(community_id: UUID, *, now: datetime) -> int:
    """Archives closed and refused cases that ended more than 60 days ago; returns how many."""
    ids = list(
        Case.objects.filter(
            community_id=community_id, state__in=[State.CLOSED, State.REFUSED], ended_at__lt=now - ARCHIVE_AFTER
        )
        .order_by("id")
        .values_list("id", flat=True)[:AT_ONCE]
    )
    done = 0
    for case_id in ids:
        try:
            archive_case(by=current(), case_id=case_id)
            done += 1
        except PeopleError:  # reopened meanwhile
            continue
    return done


def _remind_now(community_id: UUID) -> None:
    remind(community_id, now=timezone.now())


def _archive_now(community_id: UUID) -> None:
    archive_ended(community_id, now=timezone.now())


def _is_soon(case: Case, now: datetime) -> bool:
    ahead = URGENT_SOON if case.priority in {Priority.URGENT, Priority.LIVELIHOOD} else DUE_SOON
    return case.due_at - now <= ahead


def _soon(case: Case) -> None:
    inform_accounts(
        case,
        _answerable(case),
        title=f"快到期：{_what(case)}",
        body=f"{when(case.due_at)} 前{_what(case)}。",
        dedupe=f"soon:{case.due_at:%Y%m%d%H%M}",
    )


def _late(case: Case, now: datetime) -> None:
    people: dict[UUID, None] = dict.fromkeys(_answerable(case))
    people.update(dict.fromkeys(accounts_in_role(case.community_id, Role.SECRETARY)))
    if now - case.due_at > STREET_HEARS_AFTER or case.state == State.ESCALATED:
        people.update(dict.fromkeys(accounts_in_role(case.community_id, Role.STREET_OFFICER)))
    days = max((now - case.due_at).days, 0)
    inform_accounts(
        case,
        people,
        title=f"已超期：{_what(case)}",
        body=f"应在 {when(case.due_at)} 前{_what(case)}。",
        dedupe=f"late:{case.due_at:%Y%m%d%H%M}:{days}",
    )


def _what(case: Case) -> str:
    return "办结" if case.replied_at else "首次答复"


def _answerable(case: Case) -> Iterable[UUID]:
    """Who has to act: the lead; without one the grid's workers; without those the community's staff."""
    if case.handler_account_id:
        return [case.handler_account_id]
    workers = [account for account, _ in workers_of_grid(case.community_id, case.grid_id)] if case.grid_id else []
    return (
        workers
        or accounts_in_role(case.community_id, Role.COMMUNITY_STAFF)
        or accounts_in_role(case.community_id, Role.SECRETARY)
    )
