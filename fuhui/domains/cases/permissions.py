"""Who may see and do what with a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from fuhui.domains.cases.models import CaseHandler, CaseReporter
from fuhui.domains.cases.rules.states import (
    STATE_NAMES,
    STEP_NAMES,
    TRANSITIONS,
    WHO_NAMES,
    State,
    Step,
    Who,
    steps_from,
)
from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

_OVERSEERS = (Role.SECRETARY, Role.STREET_OFFICER)
_WHOLE_COMMUNITY = (Role.SECRETARY, Role.COMMUNITY_STAFF, Role.STREET_OFFICER)


class CaseFacts(Protocol):
    """What the policies look at."""

    id: UUID
    community_id: UUID
    state: str
    grid_id: UUID | None
    handler_account_id: UUID | None
    is_confidential: bool


@dataclass(frozen=True)
class Involved:
    """Accounts and organisations at work on a case, and accounts that raised it."""

    handler_accounts: frozenset[UUID] = frozenset()
    handler_organisations: frozenset[UUID] = frozenset()
    reporter_accounts: frozenset[UUID] = frozenset()


def visible(viewer: Viewer) -> Q:
    """The condition on Case that says what a viewer may see. A report against somebody (举报) is seen by the
    secretary, its handlers and who raised it only (济南市12345条例 art 32; 信访工作条例 art 30)."""
    if viewer.is_system:
        return Q(community_id__in=viewer.communities)
    if not viewer.is_signed_in:
        return Q(community_id__in=viewer.communities, pk__in=sorted(viewer.reporter_of))
    condition = _own(viewer)
    for community_id in viewer.communities:
        condition |= Q(community_id=community_id) & _by_role(viewer, community_id)
    return condition & Q(community_id__in=viewer.communities)


def _by_role(viewer: Viewer, community_id: UUID) -> Q:
    open_to_all = Q(is_confidential=False)
    if viewer.has(Role.SECRETARY, community_id=community_id):
        return Q()
    if viewer.has(*_WHOLE_COMMUNITY, community_id=community_id):
        return open_to_all
    if viewer.has(Role.GRID_WORKER, community_id=community_id):
        return open_to_all & (Q(grid_id__in=sorted(viewer.grids(community_id))) | Q(grid_id=None))
    return Q(pk__in=[])


def _own(viewer: Viewer) -> Q:
    mine: Q = Q(handler_account_id=viewer.account_id)
    here = {"case": OuterRef("pk"), "community_id": OuterRef("community_id")}
    if viewer.roles - {Role.SECRETARY, Role.COMMUNITY_STAFF, Role.STREET_OFFICER}:
        at_work = Q(account_id=viewer.account_id) | Q(organisation_id__in=sorted(_organisations(viewer)))
        mine |= Q(Exists(CaseHandler.objects.filter(at_work, until=None, **here)))
        mine |= Q(Exists(CaseReporter.objects.filter(account_id=viewer.account_id, **here)))
    return mine


def _organisations(viewer: Viewer) -> frozenset[UUID]:
    return frozenset(grant.organisation_id for grant in viewer.grants if grant.organisation_id)


def relations(viewer: Viewer, case: CaseFacts, involved: Involved) -> frozenset[Who]:
    """What a viewer is to one case."""
    if viewer.is_system:
        return frozenset({Who.SYSTEM})
    here = case.community_id
    found: set[Who] = set()
    in_grid = case.grid_id is None or case.grid_id in viewer.grids(here)
    if viewer.has(*(DESK_ROLES - {Role.GRID_WORKER}), community_id=here) or (
        viewer.has(Role.GRID_WORKER, community_id=here) and in_grid
    ):
        found.add(Who.DESK)
    if viewer.has(Role.SECRETARY, community_id=here):
        found.add(Who.SECRETARY)
    if viewer.has(Role.STREET_OFFICER, community_id=here):
        found.add(Who.STREET)
    if viewer.account_id and (
        viewer.account_id in involved.handler_accounts or _organisations(viewer) & involved.handler_organisations
    ):
        found.add(Who.HANDLER)
    if viewer.account_id in involved.reporter_accounts or case.id in viewer.reporter_of:
        found.add(Who.REPORTER)
    return frozenset(found)


def may_step(who: frozenset[Who], case: CaseFacts, step: Step) -> Decision:
    """Whether actors of these kinds may take a step from the case's state; the reason names both."""
    return _may_step(who, State(case.state), step)


@cache
def _may_step(who: frozenset[Who], state: State, step: Step) -> Decision:
    row = TRANSITIONS[step]
    if state not in row.sources:
        possible = "、".join(STEP_NAMES[other] for other in steps_from(state, who)) or "无"
        return refuse(
            "wrong_state",
            f"诉求现在是“{STATE_NAMES[state]}”，不能{row.name}。现在可以：{possible}。",
        )
    if not row.who & who:
        allowed = "、".join(WHO_NAMES[kind] for kind in Who if kind in row.who and kind is not Who.SYSTEM)
        return refuse("wrong_person", f"{row.name}由{allowed}来做。")
    return ALLOWED


def may_enter(viewer: Viewer, community_id: UUID) -> Decision:
    """Entering a case for somebody else, or from a chat, is for the desk of that community."""
    if viewer.is_system or viewer.has(*DESK_ROLES, community_id=community_id):
        return ALLOWED
    return refuse("not_desk", "代居民录入由本社区的网格员、社区工作者或书记来做。")


def may_edit_rules(viewer: Viewer, community_id: UUID) -> Decision:
    """The rulebook belongs to the secretary; the operator may help."""
    if viewer.has(Role.SECRETARY, Role.OPERATOR, community_id=community_id):
        return ALLOWED
    return refuse("not_secretary", "规则由社区书记设定。")


def may_see_contact(who: frozenset[Who], case: CaseFacts) -> Decision:
    """Telephone and name of who raised it: the desk, the handlers, and the street once it is escalated."""
    if who & {Who.DESK, Who.HANDLER, Who.SECRETARY}:
        return ALLOWED
    if Who.STREET in who and case.state == State.ESCALATED:
        return ALLOWED
    return refuse("contact_hidden", "上报街道之后，街道干部才能看到反映人的联系方式。")


def may_oversee(viewer: Viewer, community_id: UUID) -> Decision:
    """The community's figures and lists of what is late."""
    if viewer.has(*_OVERSEERS, Role.COMMUNITY_STAFF, community_id=community_id):
        return ALLOWED
    return refuse("not_overseer", "统计由社区书记、社区工作者和街道干部查看。")


def step_choices(who: frozenset[Who], case: CaseFacts) -> Iterable[tuple[Step, Decision]]:
    """Every step these actors ever take, with whether it is possible now: for the buttons of the case page."""
    for step, row in TRANSITIONS.items():
        if row.who & who:
            yield step, may_step(who, case, step)
