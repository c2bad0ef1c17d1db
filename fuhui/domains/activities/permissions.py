"""Who may see and do what with an activity."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Q

from fuhui.domains.activities.rules.activity import EARLY, STATE_NAMES, State
from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import DESK_ROLES, Role, Viewer

PUBLIC = (State.PUBLISHED, State.CLOSED, State.CANCELLED)


class ActivityFacts(Protocol):
    """What the policies look at."""

    community_id: UUID
    state: str
    planned_by: str
    approved_by: str
    starts_at: datetime


def visible(viewer: Viewer) -> Q:
    """The desk's activities: those of the communities in which the viewer works at the desk."""
    if viewer.is_system:
        return Q(community_id__in=viewer.communities)
    mine = [one for one in viewer.communities if viewer.has(*DESK_ROLES, community_id=one)]
    return Q(community_id__in=mine)


def is_desk(viewer: Viewer, community_id: UUID) -> bool:
    """True for the system and for those who work at the community's desk."""
    return (viewer.is_system and viewer.sees(community_id)) or viewer.has(*DESK_ROLES, community_id=community_id)


def may_plan(viewer: Viewer, community_id: UUID) -> Decision:
    """Plan, run and check in: the desk."""
    if is_desk(viewer, community_id):
        return ALLOWED
    return refuse("not_desk", "活动由本社区的网格员、社区工作者或书记来办。")


def may_approve(viewer: Viewer, activity: ActivityFacts) -> Decision:
    """Approve: the secretary or staff, and never the planner."""
    here = activity.community_id
    if not ((viewer.is_system and viewer.sees(here))
            or viewer.has(Role.SECRETARY, Role.COMMUNITY_STAFF, community_id=here)):
        return refuse("not_approver", "活动由社区书记或社区工作者审批。")
    if viewer.actor == activity.planned_by:
        return refuse("own_plan", "您登记的活动要由另一位同事审批。")
    return _in(activity, "审批", State.PLANNED)


def may_publish(viewer: Viewer, activity: ActivityFacts) -> Decision:
    """Open sign-up for an approved activity: the desk."""
    decision = may_plan(viewer, activity.community_id)
    return _in(activity, "发布", State.APPROVED) if decision.allowed else decision


def may_change(viewer: Viewer, activity: ActivityFacts) -> Decision:
    """Move, resize or cancel what has not ended: the desk."""
    decision = may_plan(viewer, activity.community_id)
    return _in(activity, "修改", State.PLANNED, State.APPROVED, State.PUBLISHED) if decision.allowed else decision


def may_sign_up(activity: ActivityFacts, now: datetime) -> Decision:
    """Sign up: anybody, with an account or without, until it begins."""
    if activity.state in {State.CLOSED, State.CANCELLED}:
        return refuse("wrong_state", f"活动{STATE_NAMES[State(activity.state)]}，不能报名了。欢迎看看别的活动。")
    if activity.state != State.PUBLISHED:
        return _in(activity, "报名", State.PUBLISHED)
    if now >= activity.starts_at:
        return refuse("begun", "活动已经开始，不能再报名。可以到现场问工作人员。")
    return ALLOWED


def may_enter_list(viewer: Viewer, activity: ActivityFacts, now: datetime) -> Decision:
    """Enter the signed list from the opening of check-in until it is closed: the desk."""
    decision = may_plan(viewer, activity.community_id)
    if not decision.allowed:
        return decision
    if now < activity.starts_at - EARLY:
        return refuse("not_begun", "还没有到签到时间。签到表在活动开始前两小时起可以录入。")
    return _in(activity, "录入签到表", State.PUBLISHED)


def may_vote(viewer: Viewer, activity: ActivityFacts, now: datetime, *, has_ticket: bool) -> Decision:
    """Vote for a work from the beginning until it is closed: whoever has an account here or a ticket."""
    if not has_ticket and not viewer.is_signed_in:
        return refuse("no_account", "投票要登录；没有账号、报过名的，打开报名凭证页就能投。")
    if now < activity.starts_at:
        return refuse("not_begun", "展览还没有开始，开展后再来投票。")
    return _in(activity, "投票", State.PUBLISHED)


def may_enter_contest(viewer: Viewer, activity: ActivityFacts, now: datetime) -> Decision:
    """Enter an event: whoever is signed up until it begins, the desk until it is closed."""
    if not is_desk(viewer, activity.community_id) and now >= activity.starts_at:
        return refuse("begun", "运动会已经开始，请到现场找工作人员补报。")
    return _in(activity, "报项目", State.PUBLISHED)


def may_record_results(viewer: Viewer, activity: ActivityFacts, now: datetime) -> Decision:
    """Write results down from the opening of check-in, and correct them after the end: the desk."""
    decision = may_plan(viewer, activity.community_id)
    if not decision.allowed:
        return decision
    if now < activity.starts_at - EARLY:
        return refuse("not_begun", "运动会还没有开始，不能记成绩。")
    return _in(activity, "记成绩", State.PUBLISHED, State.CLOSED)


def may_close(viewer: Viewer, activity: ActivityFacts, now: datetime) -> Decision:
    """Close into the book once it has begun: the desk."""
    decision = may_plan(viewer, activity.community_id)
    if not decision.allowed:
        return decision
    if now < activity.starts_at:
        return refuse("not_begun", "活动还没有开始，不能结束。不办了请用“取消活动”。")
    return _in(activity, "结束", State.PUBLISHED)


def _in(activity: ActivityFacts, deed: str, *states: State) -> Decision:
    if activity.state in states:
        return ALLOWED
    return refuse("wrong_state", f"活动现在是“{STATE_NAMES[State(activity.state)]}”，不能{deed}。")
