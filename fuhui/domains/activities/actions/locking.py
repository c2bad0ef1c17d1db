"""The lock that everything about one activity waits for, and the words for a rule of the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from fuhui.domains.activities.models import Activity
from fuhui.domains.activities.rules.activity import KIND_NAMES, Kind
from fuhui.shared import audit
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.policy import Decision
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer

Part = TypeVar("Part", bound=Model)
_STATES = frozenset({"wrong_state", "begun", "not_begun"})
_WORDS = {
    "activities_activity_not_oversold": ("full", "名额刚刚报满了。可以重新提交，排进候补名单。"),
    "activities_signup_one_live": ("again", "这个姓名和手机号已经报过名了，不用再报。要改人数，请先取消再报。"),
    "activities_vote_once": ("again", "您已经投过票了，一人一票。"),
    "activities_member_once": ("again", "这位已经报了这个项目。真是同名又同年的两个人，请在姓名后面加楼号区分。"),
    "activities_member_each": ("each", "这位报的项目已经到了每人的上限。先退出一项，再报这一项。"),
    "activities_entry_team_once": ("again", "这个项目已经有这个队名了，请换一个队名。"),
    "activities_contest_removed": ("removed", "这个项目已经取消了，请选别的项目。"),
    "activities_contest_entered": ("entered", "刚刚有人报了这个项目，现在不能这样改。请刷新页面看看。"),
    "activities_contest_once": ("again", "已经有这个项目了。"),
    "activities_work_once": ("again", "这位作者的这件作品已经挂上了。"),
    "activities_feedback_once": ("again", "您已经评价过这场活动了，谢谢。"),
    "activities_helper_person_once": ("again", "这位已经在名单里了。"),
    "activities_helper_unit_once": ("again", "这个单位已经在名单里了。"),
}


def lock_activity(by: Viewer, activity_id: UUID) -> Activity:
    """The activity, locked until the end of the transaction. Raises NotFound outside the viewer's communities."""
    found = Activity.objects.select_for_update(of=("self",)).filter(
        community_id__in=by.communities, pk=activity_id
    ).first()
    if found is None:
        raise NotFound("activity", "没有找到这个活动，或它不在您的权限范围内。")
    return found


def lock_kind(by: Viewer, activity_id: UUID, kind: Kind) -> Activity:
    """`lock_activity` for a deed that only one kind of activity knows. Raises RuleBroken for another kind."""
    activity = lock_activity(by, activity_id)
    if activity.kind != kind:
        raise RuleBroken(f"not_{kind}", f"这场活动不是{KIND_NAMES[kind]}，不能这样做。请回到活动页。")
    return activity


def part_of(rows: QuerySet[Part], activity: Activity, ident: UUID | None, code: str, words: str) -> Part:
    """One of `rows` that belongs to the activity. Raises NotFound with the words."""
    row = rows.filter(activity=activity, pk=ident).first() if ident else None
    if row is None:
        raise NotFound(code, words)
    return row


def require(decision: Decision) -> None:
    """Raises RuleBroken where the state forbids it, NotAllowed where the person is the wrong one."""
    if not decision.allowed and decision.code in _STATES:
        raise RuleBroken(decision.code, decision.message)
    decision.require()


def guarded(write: Callable[[], object]) -> None:
    """Runs one write; a broken rule of the database becomes its sentence."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        known = _WORDS.get(broken_constraint(error))
        if known is None:
            raise
        raise RuleBroken(*known) from error


def note(action: str, by: Viewer, activity: Activity, **data: object) -> None:
    """One entry of the audit trail."""
    audit.record(action, by=by, community_id=activity.community_id, subject="activity", subject_id=activity.pk,
                 data={"title": activity.title, "state": activity.state, **data})
