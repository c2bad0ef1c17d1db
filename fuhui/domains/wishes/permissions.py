"""Who may see and do what with a wish."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db.models import Q

from fuhui.domains.wishes.rules.wish import MOVING, STATE_NAMES, ClaimState, State
from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

_WHOLE = (Role.SECRETARY, Role.COMMUNITY_STAFF)
WALL = (State.OPEN, State.FULFILLED)


class WishFacts(Protocol):
    """What the policies look at."""

    community_id: UUID
    state: str
    parts: int
    pledged: int
    grid_id: UUID | None
    wisher_account: UUID | None
    entered_by: str


class ClaimFacts(Protocol):
    """What the policies look at in a claim."""

    state: str
    actor: str
    account_id: UUID | None
    delivered_by: str


def desk(viewer: Viewer) -> Q:
    """Wishes that a worker handles: the whole community, or a grid worker's grids and those of no grid."""
    if viewer.is_system:
        return Q(community_id__in=viewer.communities)
    condition = Q(pk__in=[])
    for community in viewer.communities:
        if viewer.has(*_WHOLE, community_id=community):
            condition |= Q(community_id=community)
        elif viewer.has(Role.GRID_WORKER, community_id=community):
            condition |= Q(community_id=community) & (Q(grid_id__in=sorted(viewer.grids(community))) | Q(grid_id=None))
    return condition


def is_desk(viewer: Viewer, wish: WishFacts) -> bool:
    """True where the viewer is one of those who handle this wish."""
    here = wish.community_id
    return (
        (viewer.is_system and viewer.sees(here))
        or viewer.has(*_WHOLE, community_id=here)
        or (viewer.has(Role.GRID_WORKER, community_id=here) and wish.grid_id in {None, *viewer.grids(here)})
    )


def may_enter(viewer: Viewer, community_id: UUID) -> Decision:
    """Write down a wish or a claim for somebody else: the desk."""
    if viewer.is_system or viewer.has(*DESK_ROLES, community_id=community_id):
        return ALLOWED
    return refuse("not_desk", "代居民登记由本社区的网格员、社区工作者或书记来做。")


def may_moderate(viewer: Viewer, wish: WishFacts) -> Decision:
    """Decide whether a wish goes on the wall: the desk, and not who wished or wrote it down."""
    if wish.state != State.PENDING:
        return _wrong_state(wish, "审核")
    if not is_desk(viewer, wish):
        return refuse("not_desk", "微心愿由本社区的工作人员审核。")
    if viewer.actor == wish.entered_by:
        return refuse("own_entry", "您登记的心愿要由另一位工作人员审核。")
    return ALLOWED


def may_withdraw(viewer: Viewer, wish: WishFacts) -> Decision:
    """Take a wish down before anybody has taken it on: the wisher or the desk."""
    if wish.state not in {State.PENDING, State.OPEN}:
        return _wrong_state(wish, "撤下")
    if not (is_desk(viewer, wish) or is_wisher(viewer, wish)):
        return refuse("not_yours", "心愿由许愿人或社区工作人员撤下。")
    if wish.pledged:
        return refuse("claimed", "已经有人认领，不能撤下。请先联系认领人，请他放弃认领。")
    return ALLOWED


def may_claim(viewer: Viewer, wish: WishFacts) -> Decision:
    """Take on parts of a wish: anybody with an account except the wisher."""
    if wish.state != State.OPEN:
        return _wrong_state(wish, "认领")
    if wish.pledged >= wish.parts:
        return refuse("taken", "这个心愿刚刚已经被认领了。谢谢您的心意，墙上还有别的心愿。")
    if is_wisher(viewer, wish):
        return refuse("own_wish", "这是您自己的心愿，要由别人来认领。")
    if not viewer.is_signed_in and not viewer.is_system:
        return refuse("no_account", "认领要先登录。没有账号，请打社区电话，由工作人员帮您登记。")
    return ALLOWED


def may_act_on_claim(viewer: Viewer, wish: WishFacts, claim: ClaimFacts) -> Decision:
    """Say that it was delivered, or give the claim back: the claimer or the desk."""
    if claim.state not in MOVING:
        return refuse("ended", "这次认领已经结束。")
    if is_claimer(viewer, claim) or is_desk(viewer, wish):
        return ALLOWED
    return refuse("not_claimer", "由认领人或社区工作人员来做。")


def may_confirm(viewer: Viewer, wish: WishFacts, claim: ClaimFacts, *, is_known: bool) -> Decision:
    """Say that it came true: the wisher, or a worker who neither claimed, entered nor delivered it.
    `is_known`: the book can name the claimer (`queries.giver`)."""
    if not (is_wisher(viewer, wish) or is_desk(viewer, wish)):
        return refuse("not_wisher", "由许愿人或社区工作人员确认。")
    if claim.state != ClaimState.DELIVERED:
        return refuse("not_delivered", "要先由认领人或工作人员说明已经送到，再确认。")
    if viewer.actor in {claim.actor, claim.delivered_by} or is_claimer(viewer, claim):
        return refuse("same_person", "认领、登记或送到的人不能自己确认，请许愿人或另一位工作人员确认。")
    if not is_known:
        return refuse("claimer_unknown", "认领人还没有和居民名册或组织对上，请工作人员先核对认领人，台账才记得清。")
    return ALLOWED


def may_thank(viewer: Viewer, wish: WishFacts) -> Decision:
    """Write thanks down: the wisher, or the desk for them."""
    if not (is_wisher(viewer, wish) or is_desk(viewer, wish)):
        return refuse("not_wisher", "感谢由许愿人来写，工作人员可以代写。")
    if wish.state != State.FULFILLED:
        return _wrong_state(wish, "写感谢")
    return ALLOWED


def is_wisher(viewer: Viewer, wish: WishFacts) -> bool:
    """True for the account that wished."""
    return viewer.account_id is not None and viewer.account_id == wish.wisher_account


def is_claimer(viewer: Viewer, claim: ClaimFacts) -> bool:
    """True for the account that claimed."""
    return viewer.account_id is not None and viewer.account_id == claim.account_id


def _wrong_state(wish: WishFacts, deed: str) -> Decision:
    return refuse("wrong_state", f"心愿现在是“{STATE_NAMES[State(wish.state)]}”，不能{deed}。")
