"""The lock that everything about one activity waits for, and the words for a rule of the database."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction

from fuhui.domains.activities.models import Activity
from fuhui.shared import audit
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.policy import Decision
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer

_STATES = frozenset({"wrong_state", "begun", "not_begun"})
_WORDS = {
    "activities_activity_not_oversold": ("full", "名额刚刚报满了。可以重新提交，排进候补名单。"),
    "activities_signup_one_live": ("again", "这个姓名和手机号已经报过名了，不用再报。要改人数，请先取消再报。"),
    "activities_vote_once": ("again", "您已经投过票了，一人一票。"),
    "activities_entry_once": ("again", "这位已经报了这个项目。真是同名又同年的两个人，请在姓名后面加楼号区分。"),
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
