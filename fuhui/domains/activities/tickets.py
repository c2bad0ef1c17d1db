"""Tickets: signed, so that a forged one is told without asking the database, and short enough for a QR code."""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer

from fuhui.shared.errors import NotFound

_SIGNER = Signer(salt="activities.ticket", sep=".")


class Ticket(NamedTuple):
    """Which sign-up of which community."""

    community_id: UUID
    signup_id: UUID


def ticket_of(community_id: UUID, signup_id: UUID) -> str:
    """The ticket of a sign-up. It does not expire; whether it still counts is asked of the sign-up."""
    packed = base64.urlsafe_b64encode(community_id.bytes + signup_id.bytes).decode().rstrip("=")
    return _SIGNER.sign(packed)


def read_ticket(words: str) -> Ticket:
    """The sign-up that a ticket (or its whole address) names. Raises NotFound for a forged or broken one."""
    try:
        packed = _SIGNER.unsign(words.strip().rstrip("/").rpartition("/")[2])
        both = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return Ticket(UUID(bytes=both[:16]), UUID(bytes=both[16:32]))
    except (BadSignature, ValueError, binascii.Error) as error:
        raise NotFound("ticket", "这不是有效的报名凭证。请用报名后给您的链接，或打社区电话。") from error
