"""Writing messages, marking them read, and noting what the gateway answered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.shared.errors import NotFound
from fuhui.shared.messages.models import Channel, Message, State
from fuhui.shared.messages.phones import phone_number
from fuhui.shared.messages.queries import forget_unread
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class Outgoing:
    """A message on its way out."""

    channel: str
    contact: str
    title: str
    body: str


def send(
    *, community_id: UUID, kind: str, title: str, body: str, to_account: UUID | None = None,
    to_phone: str | None = None, to_mail: str | None = None, link: str = "", dedupe_key: str | None = None,
) -> UUID | None:
    """Writes one message in the caller's transaction and returns its id; None where one with the same
    `dedupe_key` has been written in this community before.

    To an account it is there at once (page); to a phone or mail address a job takes it to the gateway after the
    commit. Exactly one addressee is given, else ValueError. `link` is a path of this site. Raises BadInput for a
    phone that is none. Over-long texts are cut.
    """
    channel, contact = _addressed(to_account, to_phone, to_mail)
    message = Message(
        community_id=community_id, to_account=to_account, to_contact=contact, channel=channel, kind=kind,
        title=title[:100], body=body[:2000], link=link[:200] if link.startswith("/") else "", dedupe_key=dedupe_key,
        state=State.SENT if channel == Channel.PAGE else State.QUEUED,
    )
    if not _write(message):
        return None
    forget_unread(to_account)
    if channel != Channel.PAGE:
        from fuhui.shared.messages.jobs import deliver_message

        deliver_message.defer(community_id=community_id, message_id=message.id)
    return message.id


def mark_read(*, by: Viewer, message_id: UUID) -> Message:
    """Marks one of the viewer's own messages as read and returns it; NotFound for another's."""
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(id=message_id, to_account=by.account_id).first()
        if message is None or by.account_id is None:
            raise NotFound()
        if message.read_at is None:
            message.read_at = timezone.now()
            message.save(update_fields=["read_at"])
            forget_unread(by.account_id)
    return message


def mark_all_read(*, by: Viewer) -> int:
    """Marks all of the viewer's own messages as read; returns how many were not."""
    mine = Message.objects.filter(community_id__in=by.communities, to_account=by.account_id, read_at=None)
    count = mine.update(read_at=timezone.now()) if by.account_id else 0
    forget_unread(by.account_id)
    return count


def take_out(message_id: UUID) -> Outgoing | None:
    """What a gateway needs of a message that is not sent yet; None for one that is."""
    message = Message.objects.filter(id=message_id).exclude(state=State.SENT).first()
    if message is None or message.to_contact is None:
        return None
    return Outgoing(message.channel, message.to_contact, message.title, message.body)


def note_outcome(message_id: UUID, state: str, error: str = "") -> None:
    """Notes how a delivery went, and that it was tried."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(id=message_id)
        message.state, message.last_error, message.attempts = state, error[:300], message.attempts + 1
        message.save(update_fields=["state", "last_error", "attempts"])


def _addressed(account: UUID | None, phone: str | None, mail: str | None) -> tuple[Channel, str | None]:
    if sum(map(bool, (account, phone, mail))) != 1:
        raise ValueError("exactly one of to_account, to_phone and to_mail")
    if phone:
        return Channel.SMS, phone_number(phone)
    return (Channel.MAIL, mail) if mail else (Channel.PAGE, None)


def _write(message: Message) -> bool:
    if message.dedupe_key is None:
        message.save(force_insert=True)
        return True
    # One statement decides between two writers of the same key, without a lock or an error.
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return Message.objects.filter(id=message.id).exists()
