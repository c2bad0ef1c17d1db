"""What is not needed is deleted: pastes that were not used, and raw texts after some days (PIPL art 19)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.channels.chat.actions.regrouping import lock_batch
from fuhui.channels.chat.models import ChatBatch, ChatDraft, ChatMessage
from fuhui.channels.chat.rules import BatchState, DraftState
from fuhui.shared import audit
from fuhui.shared.viewers import Viewer, system


@transaction.atomic
def drop_batch(*, by: Viewer, batch_id: UUID) -> ChatBatch:
    """Throws a paste away: its texts are deleted at once, and the same messages can be pasted again."""
    batch = lock_batch(by, batch_id)
    _delete_texts(batch)
    batch.state = BatchState.DROPPED
    batch.save(update_fields=["state", "raw", "unparsed"])
    audit.record("chat.drop", by=by, community_id=batch.community_id, subject="chat_batch", subject_id=batch.id)
    return batch


def forget_expired(*, community_id: UUID) -> int:
    """Deletes raw texts, unread lines and messages that became no case, of pastes whose days are over.

    A paste that nobody decided on is closed as not used. Returns how many pastes it dealt with.
    """
    due = ChatBatch.objects.filter(community_id=community_id, kept_until__lt=timezone.now(), raw__isnull=False)
    done = [_forget(community_id, batch_id) for batch_id in due.values_list("id", flat=True)[:1000]]
    return sum(done)


@transaction.atomic
def _forget(community_id: UUID, batch_id: UUID) -> bool:
    batch = ChatBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id, raw__isnull=False).first()
    if batch is None:
        return False
    _delete_texts(batch)
    if batch.state != BatchState.DONE:
        batch.state = BatchState.DROPPED
    batch.save(update_fields=["state", "raw", "unparsed"])
    audit.record("chat.forget", by=system("chat.forget", community_id), community_id=community_id,
                 subject="chat_batch", subject_id=batch.id)
    return True


def _delete_texts(batch: ChatBatch) -> None:
    ChatMessage.objects.filter(batch=batch, case=None).delete()
    ChatDraft.objects.filter(batch=batch, state__in=[DraftState.PROPOSED, DraftState.DROPPED]).delete()
    batch.raw = batch.unparsed = None
