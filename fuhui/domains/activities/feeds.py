"""The private address of an account's calendar. It holds no password and ends with the next change of password."""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer

from fuhui.registry.accounts.models import Account
from fuhui.shared.errors import NotFound

_GONE = "这个日历地址已经失效。请登录后在“我的活动”里重新复制。"


class Feed(NamedTuple):
    """Whose calendar in which community."""

    community_id: UUID
    account_id: UUID


def feed_token(community_id: UUID, account_id: UUID) -> str:
    """The token for an active account. Raises NotFound for any other."""
    packed = base64.urlsafe_b64encode(community_id.bytes + account_id.bytes).decode().rstrip("=")
    return _signer(account_id).sign(packed)


def read_feed(token: str) -> Feed:
    """What a token names. Raises NotFound for a forged one, after a change of password, for a closed account."""
    try:
        packed = token.rpartition(".")[0]
        both = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        found = Feed(UUID(bytes=both[:16]), UUID(bytes=both[16:32]))
        _signer(found.account_id).unsign(token)
    except (BadSignature, ValueError, binascii.Error) as error:
        raise NotFound("feed", _GONE) from error
    return found


def _signer(account_id: UUID) -> Signer:
    account = Account.objects.filter(pk=account_id, is_active=True).only("password").first()
    if account is None:
        raise NotFound("feed", _GONE)
    return Signer(salt=f"activities.feed.{account.password}", sep=".")
