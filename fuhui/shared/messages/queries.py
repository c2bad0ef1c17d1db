"""Reading messages: everybody their own, operators what went out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput
from fuhui.shared.messages.models import Channel, Message, PhoneCode, State
from fuhui.shared.messages.phones import phone_number
from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.ui.format import mask_phone
from fuhui.shared.viewers import Role, Viewer

PAGE = 50
CODE_PHONE = "inbox.code.phone"  # the context of the blind index that `codes` writes
KEEP_SECONDS = 5.0
_MOST_KEPT = 10_000
_unread: dict[UUID, tuple[float, int]] = {}
_FIELDS = ("id", "kind", "title", "body", "link", "created_at", "read_at")


@dataclass(frozen=True)
class MessageRow:
    """One message as its addressee sees it."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class MessagePage:
    """Newest first; `after` opens the next page, empty on the last."""

    rows: tuple[MessageRow, ...]
    after: str


@dataclass(frozen=True)
class OutRow:
    """One message that left, or should have left, by SMS or mail. The address is shown masked."""

    id: UUID
    to: str
    channel: str
    state: str
    state_name: str
    title: str
    body: str
    attempts: int
    last_error: str
    created_at: datetime


@dataclass(frozen=True)
class CodeRow:
    """A phone code that waits in a demo, where no gateway carries it."""

    to: str
    code: str
    purpose: str
    made_at: datetime


def messages_for(viewer: Viewer, *, after: str = "", limit: int = PAGE) -> MessagePage:
    """One page of the viewer's own messages."""
    if viewer.account_id is None:
        return MessagePage((), "")
    mine = Message.objects.filter(
        community_id__in=viewer.communities, to_account=viewer.account_id, channel=Channel.PAGE
    )
    if after:
        mine = mine.filter(id__lt=_id(after))
    rows = [MessageRow(*row) for row in mine.order_by("-id").values_list(*_FIELDS)[: limit + 1]]
    return MessagePage(tuple(rows[:limit]), str(rows[limit - 1].id) if len(rows) > limit else "")


def unread_count(viewer: Viewer) -> int:
    """How many of the viewer's own messages wait; at most 5 s old, because every page shows it. What this process
    sends or marks as read counts at once. One statement, or none."""
    if viewer.account_id is None:
        return 0
    now = time.monotonic()
    kept = _unread.get(viewer.account_id)
    if kept and now - kept[0] < KEEP_SECONDS:
        return kept[1]
    found = Message.objects.filter(
        community_id__in=viewer.communities, to_account=viewer.account_id, read_at=None, channel=Channel.PAGE
    ).count()
    if len(_unread) >= _MOST_KEPT:
        _unread.clear()
    _unread[viewer.account_id] = (now, found)
    return found


def forget_unread(account_id: UUID | None) -> None:
    """Drops the kept number of an account, now and again after the commit: another request may count in between."""
    if account_id is not None:
        _unread.pop(account_id, None)
        transaction.on_commit(lambda: _unread.pop(account_id, None))


def may_see_outbox(viewer: Viewer) -> Decision:
    """Operators look after the ways out."""
    if viewer.has(Role.OPERATOR):
        return ALLOWED
    return refuse("outbox", "发件箱只对系统管理员开放；短信没有收到请联系他们。")


def outbox_for(viewer: Viewer, *, after: str = "", limit: int = PAGE) -> tuple[list[OutRow], str]:
    """One page of what went out by SMS or mail in the viewer's communities, and where the next begins."""
    may_see_outbox(viewer).require()
    out = Message.objects.filter(community_id__in=viewer.communities, channel__in=(Channel.SMS, Channel.MAIL))
    if after:
        out = out.filter(id__lt=_id(after))
    found = list(out.order_by("-id")[: limit + 1])
    return [_out_row(message) for message in found[:limit]], str(found[limit - 1].id) if len(found) > limit else ""


def codes_for(viewer: Viewer) -> list[CodeRow]:
    """The live phone codes of a demo, newest first; nothing outside a demo, where nobody may read them."""
    may_see_outbox(viewer).require()
    if not settings.DEMO:
        return []
    live = PhoneCode.objects.filter(expires_at__gt=timezone.now(), used_at=None).order_by("-made_at")[:PAGE]
    return [
        CodeRow(mask_phone(row.sealed_phone or ""), row.sealed_code, row.purpose, row.made_at)
        for row in live
        if row.sealed_code
    ]


def _out_row(message: Message) -> OutRow:
    contact = message.to_contact or ""
    is_phone = message.channel == Channel.SMS
    masked = mask_phone(contact) if is_phone else f"{contact[:2]}***@{contact.partition('@')[2]}"
    return OutRow(
        message.id, masked, Channel(message.channel).label, message.state, State(message.state).label, message.title,
        message.body, message.attempts, message.last_error, message.created_at,
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput("page", "翻页位置无效，请回到第一页。") from error


def demo_code(phone: str, purpose: str) -> str:
    """The live code of a phone, for showing it on the page of a demo, where no gateway carries it. Empty outside
    a demo, where only the phone's owner may know it. Raises BadInput for a phone that is none."""
    if not settings.DEMO:
        return ""
    mine = PhoneCode.objects.filter(phone_index=blind_index(phone_number(phone), context=CODE_PHONE), purpose=purpose,
                                    expires_at__gt=timezone.now(), used_at=None)
    newest = mine.order_by("-made_at", "-id").first()
    return (newest.sealed_code or "") if newest else ""
