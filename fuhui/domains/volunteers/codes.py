"""The installation's own key for codes of shifts."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from fuhui.domains.volunteers.rules import attendance as rules


@lru_cache(maxsize=1)
def secret() -> bytes:
    """A key for this purpose only, made from the installation's secret."""
    return hashlib.sha256(b"volunteers.shift-code:" + settings.SECRET_KEY.encode()).digest()


def code_at(shift_id: UUID, moment: datetime) -> rules.Code:
    """The code that is on the screen at a moment."""
    step = rules.step_of(moment)
    return rules.Code(shift_id, step, rules.seal(secret(), shift_id, step))


def certificate_token(certificate_id: UUID) -> str:
    """The token of a certificate's page for checking: only who knows the installation's secret can make it."""
    digest = hmac.new(secret(), b"certificate:" + certificate_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def typed(shift_id: UUID, digits: str, moment: datetime) -> rules.Code | None:
    """The code behind eight digits typed instead of scanned, around that moment; None where they are of no minute."""
    plain = "".join(char for char in digits if char.isascii() and char.isdigit())
    for step in range(rules.step_of(moment) - rules.SLACK, rules.step_of(moment) + rules.SLACK + 1):
        code = rules.Code(shift_id, step, plain)
        if len(plain) == rules.DIGITS and rules.is_genuine(secret(), code):
            return code
    return None
