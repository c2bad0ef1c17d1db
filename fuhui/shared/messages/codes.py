"""Phone codes: six digits that prove that a phone is in the hand of who types them.

A code lives ten minutes and bears five tries; after the fifth wrong one neither it nor a new one works until it
would have expired. A phone gets at most three codes in ten minutes, a client ten. So trying all codes of a phone
takes years, and only one wrong guess in 200,000 windows would hit.
"""

from __future__ import annotations

import hmac
import math
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput, PeopleError, TooMany
from fuhui.shared.messages.models import MOST_TRIES, PhoneCode
from fuhui.shared.messages.phones import phone_number
from fuhui.shared.rows import take_turn

DIGITS = 6
LIFE = timedelta(minutes=10)
WINDOW = timedelta(minutes=10)
CODES_PER_PHONE = 3
CODES_PER_CLIENT = 10
_PHONE, _CLIENT, _CODE = "inbox.code.phone", "inbox.code.client", "inbox.code.mac"


@transaction.atomic
def request_code(phone: str, purpose: str, client_key: str) -> None:
    """Makes a code for a phone and leaves its SMS to a job. `client_key` names who asks (address or session).

    Raises BadInput for a phone that is none, TooMany (with the waiting time) past the limits above.
    """
    number, now = phone_number(phone), timezone.now()
    of_phone, of_client = blind_index(number, context=_PHONE), blind_index(client_key, context=_CLIENT)
    # Requests for one phone, or of one client, are counted one after the other.
    take_turn("messages.codes", of_phone.hex())
    take_turn("messages.codes", of_client.hex())
    recent = PhoneCode.objects.filter(made_at__gt=now - WINDOW)
    _allow(list(recent.filter(phone_index=of_phone, purpose=purpose, tries__gte=MOST_TRIES)), 1, now, _locked)
    _allow(list(recent.filter(phone_index=of_phone).order_by("-made_at")), CODES_PER_PHONE, now, _too_many)
    _allow(list(recent.filter(client_index=of_client).order_by("-made_at")), CODES_PER_CLIENT, now, _too_many)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = PhoneCode(
        phone_index=of_phone, client_index=of_client, purpose=purpose, made_at=now, expires_at=now + LIFE,
        sealed_phone=number, sealed_code=code,
    )
    row.mac = _mac(row, code)
    row.save(force_insert=True)
    from fuhui.shared.messages.jobs import deliver_code

    deliver_code.defer(code_id=row.id)


def check_code(phone: str, purpose: str, code: str) -> None:
    """Returns where the code is the phone's newest for this purpose; it is used up by that.

    Raises BadInput for a wrong, used, expired or missing code, TooMany after five wrong ones. A try counts also
    when the caller fails later, therefore this must not be called inside a transaction (RuntimeError): check the
    code first, then call the action.
    """
    number = phone_number(phone)
    with transaction.atomic(durable=True):
        refusal = _try(blind_index(number, context=_PHONE), purpose, "".join(code.split()))
    if refusal:
        raise refusal


def _try(of_phone: bytes, purpose: str, code: str) -> PeopleError | None:
    """One try under the row's lock. The refusal is returned, because raising here would take the count back."""
    now = timezone.now()
    mine = PhoneCode.objects.filter(phone_index=of_phone, purpose=purpose)
    row = mine.select_for_update().order_by("-made_at", "-id").first()
    if row is None:
        return BadInput("code_missing", "请先点“获取验证码”。", field="code")
    if row.expires_at <= now:
        return BadInput("code_expired", "验证码已过期（10 分钟内有效），请重新获取。", field="code")
    if row.tries >= MOST_TRIES:
        return _locked(row.expires_at - now)
    if row.used_at:
        return BadInput("code_used", "这个验证码已经用过了，请重新获取。", field="code")
    if not hmac.compare_digest(_mac(row, code), bytes(row.mac)):
        return _wrong(row, now)
    row.used_at, row.sealed_code, row.sealed_phone = now, None, None
    row.save(update_fields=["used_at", "sealed_code", "sealed_phone"])
    return None


def _wrong(row: PhoneCode, now: datetime) -> PeopleError:
    row.tries += 1
    row.save(update_fields=["tries"])
    left = MOST_TRIES - row.tries
    if not left:
        return _locked(row.expires_at - now)
    return BadInput("code_wrong", f"验证码不对，还可以再试 {left} 次。", field="code")


def _mac(row: PhoneCode, code: str) -> bytes:
    return blind_index(f"{row.id}|{row.purpose}|{code}", context=_CODE)


def _allow(earlier: list[PhoneCode], most: int, now: datetime, refusal: Callable[[timedelta], TooMany]) -> None:
    """Raises the refusal where `earlier` codes (newest first) already fill the window."""
    if len(earlier) >= most:
        raise refusal(earlier[most - 1].made_at + WINDOW - now)


def _locked(wait: timedelta) -> TooMany:
    message = f"验证码输错次数太多，请 {_minutes(wait)} 分钟后重新获取。"
    return TooMany("code_locked", message, wait_seconds=_seconds(wait))


def _too_many(wait: timedelta) -> TooMany:
    message = f"获取验证码太频繁，请 {_minutes(wait)} 分钟后再试。"
    return TooMany("code_limit", message, wait_seconds=_seconds(wait))


def _minutes(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds() / 60))


def _seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))
