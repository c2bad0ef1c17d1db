"""After an activity: photos with consent, and what those who were there say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.locking import guarded, lock_activity, note
from fuhui.domains.activities.actions.planning import reason_in
from fuhui.domains.activities.models import CheckIn, Feedback, Photo, SignUp
from fuhui.domains.activities.permissions import may_plan
from fuhui.domains.activities.rules.activity import MOST_PHOTOS, PHOTO_WORDS, REASON, Outcome
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.files.actions import store_photo
from fuhui.shared.viewers import Viewer

PURPOSE = "activity"


@transaction.atomic
def add_photo(*, by: Viewer, activity_id: UUID, upload: Any, words: str = "", consent: str = "") -> Photo:
    """Keeps a photo, checked and stripped as `store_photo` does. Public with `consent`: "faceless" where nobody can
    be recognised, "agreed" where everybody in it agreed; the worker who says so is written down. '' keeps it inside.
    """
    activity = lock_activity(by, activity_id)
    may_plan(by, activity.community_id).require()
    said = words.replace("\x00", "").strip()
    if upload is None:
        raise BadInput("photo_missing", "请先选择一张照片。", field="photo")
    if len(said) > PHOTO_WORDS:
        raise BadInput("words", f"照片说明最多 {PHOTO_WORDS} 个字。", field="photo_words")
    if consent not in dict(Photo.CONSENTS):
        raise BadInput("consent", "请选择能不能公开。拿不准就选“不公开”。", field="consent")
    if Photo.objects.filter(activity=activity, hidden_at=None).count() >= MOST_PHOTOS:
        raise RuleBroken("photos", f"一场活动最多放 {MOST_PHOTOS} 张照片，请先撤下几张。")
    kept = store_photo(community_id=activity.community_id, upload=upload, name=getattr(upload, "name", ""), by=by,
                       purpose=PURPOSE)
    row = Photo.objects.create(
        community_id=activity.community_id, activity=activity, file_id=kept.id, words=said, consent=consent,
        consent_by=by.actor if consent else "", actor=by.actor, at=timezone.now(),
    )
    note("activities.add_photo", by, activity, photo=str(row.pk), consent=consent)
    return row


@transaction.atomic
def hide_photo(*, by: Viewer, activity_id: UUID, photo_id: UUID, reason: str) -> Photo:
    """Takes a photo down, for example because somebody in it took their consent back. A second call changes nothing."""
    activity = lock_activity(by, activity_id)
    may_plan(by, activity.community_id).require()
    row = Photo.objects.filter(activity=activity, pk=photo_id).first()
    if row is None:
        raise NotFound("photo", "没有找到这张照片。")
    if row.hidden_at is None:
        row.hidden_at, row.hidden_why = timezone.now(), reason_in(reason)
        row.save()
        note("activities.hide_photo", by, activity, photo=str(row.pk), reason=row.hidden_why)
    return row


@transaction.atomic
def give_feedback(
    *, by: Viewer, activity_id: UUID, signup_id: UUID, stars: int, words: str = ""
) -> Feedback:
    """What the holder of a ticket says after they were checked in: one to five stars and a sentence. Once."""
    activity = lock_activity(by, activity_id)
    signup = SignUp.objects.filter(activity=activity, pk=signup_id).first()
    if signup is None:
        raise NotFound("signup", "没有找到这份报名。请核对链接，或打社区电话。")
    if not CheckIn.objects.filter(activity=activity, signup=signup, outcome=Outcome.OK).exists():
        raise RuleBroken("not_present", "签到以后才能评价。到了没签上的，请告诉工作人员。")
    said = words.replace("\x00", "").strip()
    if not 1 <= stars <= 5:
        raise BadInput("stars", "请选择一到五颗星。", field="stars")
    if len(said) > REASON:
        raise BadInput("words", f"最多 {REASON} 个字，现在是 {len(said)} 个字。", field="words")
    row = Feedback(community_id=activity.community_id, activity=activity, signup=signup, stars=stars, words=said,
                   at=timezone.now())
    guarded(row.save)
    note("activities.feedback", by, activity, stars=stars)
    return row
