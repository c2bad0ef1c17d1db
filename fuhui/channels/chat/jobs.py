"""Work of the chat door outside requests: reading large uploads, deleting what is no longer needed."""

from __future__ import annotations

from uuid import UUID

from fuhui.channels.chat.actions.clearing import forget_expired
from fuhui.channels.chat.actions.reading import note_trouble, read_deferred
from fuhui.shared.jobs import every, for_each_community, job


@job("chat.read", retries=3)
def read_chat_batch(*, community_id: UUID, batch_id: str) -> None:
    """Reads an upload of more than 2,000 messages."""
    try:
        read_deferred(community_id=community_id, batch_id=UUID(batch_id))
    except Exception:
        note_trouble(community_id=community_id, batch_id=UUID(batch_id))
        raise


@every("25 3 * * *", "chat.forget")
def forget_old_chats() -> None:
    """Every night: raw texts and messages that became no case are deleted when their days are over."""
    for_each_community(forget_of_community)


def forget_of_community(community_id: UUID) -> None:
    """One community's share of the night's deleting."""
    forget_expired(community_id=community_id)
