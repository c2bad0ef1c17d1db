"""Exhibitions: works with their authors' consent, and one vote a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.afterwards import PURPOSE
from fuhui.domains.activities.actions.locking import guarded, lock_kind, note, part_of, require
from fuhui.domains.activities.models import Activity, SignUp, Vote, Work
from fuhui.domains.activities.permissions import may_plan, may_vote
from fuhui.domains.activities.rules.activity import MOST_WORKS, NAME, TITLE, Kind
from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.files.actions import store_photo
from fuhui.shared.viewers import Viewer


@transaction.atomic
def add_work(
    *, by: Viewer, activity_id: UUID, title: str, author: str, agreed: bool, upload: Any = None
) -> Work:
    """Hangs a work. Raises BadInput without the author's consent to name and picture, and for what is no photo."""
    activity = _hanging(by, activity_id)
    what, who = (words.replace("\x00", "").strip() for words in (title, author))
    if not 1 <= len(what) <= TITLE:
        raise BadInput("work", f"请写作品名称，最多 {TITLE} 个字。", field="work")
    if not 1 <= len(who) <= NAME:
        raise BadInput("author", f"请写作者，最多 {NAME} 个字；不愿写真名可以写笔名。", field="author")
    if not agreed:
        raise BadInput("agreed", "作者同意公开姓名和作品，才能展出。请先问作者。", field="agreed")
    if Work.objects.filter(activity=activity, hidden_at=None).count() >= MOST_WORKS:
        raise RuleBroken("works", f"一个展览最多 {MOST_WORKS} 件作品。")
    file_id = None
    if upload is not None:
        file_id = store_photo(community_id=activity.community_id, upload=upload, name=getattr(upload, "name", ""),
                              by=by, purpose=PURPOSE).id
    row = Work(community_id=activity.community_id, activity=activity, title=what, author=who, file_id=file_id,
               agreed_by=by.actor, actor=by.actor, at=timezone.now())
    guarded(row.save)
    note("activities.add_work", by, activity, work=str(row.pk))
    return row


@transaction.atomic
def take_down_work(*, by: Viewer, activity_id: UUID, work_id: UUID) -> Work:
    """Takes a work down, for example because its author wishes it; its votes no longer show."""
    activity = _hanging(by, activity_id)
    row = _work(activity, work_id)
    row.hidden_at = timezone.now()
    row.save(update_fields=["hidden_at"])
    note("activities.take_down_work", by, activity, work=str(row.pk))
    return row


@transaction.atomic
def vote(*, by: Viewer, activity_id: UUID, work_id: UUID, signup_id: UUID | None = None) -> Vote:
    """One vote for one work, by an account or by the ticket of a sign-up. Raises RuleBroken for a second one."""
    activity = lock_kind(by, activity_id, Kind.EXHIBITION)
    signup = SignUp.objects.filter(activity=activity, pk=signup_id).first() if signup_id else None
    require(may_vote(by, activity, timezone.now(), has_ticket=signup is not None))
    row = Vote(community_id=activity.community_id, activity=activity, work=_work(activity, work_id),
               voter=_voter(by, signup), at=timezone.now())
    guarded(row.save)
    note("activities.vote", by, activity)
    return row


def _hanging(by: Viewer, activity_id: UUID) -> Activity:
    activity = lock_kind(by, activity_id, Kind.EXHIBITION)
    may_plan(by, activity.community_id).require()
    return activity


def _voter(by: Viewer, signup: SignUp | None) -> bytes:
    """The same person by account and by ticket is one voter: the resident, else the account, else name and phone."""
    person = signup.person_id if signup else by.person_id
    account = signup.account_id if signup else by.account_id
    who = person or account or (bytes(signup.who_index).hex() if signup else "")
    return blind_index(str(who), context="activities.vote.who")


def _work(activity: Activity, work_id: UUID) -> Work:
    return part_of(Work.objects.filter(hidden_at=None), activity, work_id, "work", "没有找到这件作品，可能已经撤下了。")
