"""Handing messages and codes to the gateways, and forgetting codes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from fuhui.shared.jobs import every, job
from fuhui.shared.messages import gateways
from fuhui.shared.messages.actions import Outgoing, note_outcome, take_out
from fuhui.shared.messages.models import Channel, PhoneCode, State

CODES_KEPT = timedelta(days=1)


@job("messages.deliver")
def deliver_message(*, community_id: UUID, message_id: str) -> None:
    """Takes one SMS or mail to its gateway; raises, and so is tried again, where that does not take it."""
    number = UUID(message_id)
    outgoing = take_out(number)
    if outgoing is None:
        return
    if outgoing.channel == Channel.SMS and not gateways.sms_url():
        note_outcome(number, State.NO_GATEWAY)
        return
    try:
        _hand_over(outgoing, message_id)
    except gateways.GatewayFailed as error:
        note_outcome(number, State.FAILED, str(error))
        raise
    note_outcome(number, State.SENT)


@job("messages.deliver_code", retries=2)
def deliver_code(*, code_id: str) -> None:
    """Takes one phone code to the gateway and then forgets it. Without a gateway it is forgotten at its end of
    life; in a demo the operator's outbox shows it until then."""
    row = PhoneCode.objects.filter(id=code_id, expires_at__gt=timezone.now(), used_at=None).first()
    if row is None or not row.sealed_code or not row.sealed_phone:
        return
    if not gateways.sms_url():
        PhoneCode.objects.filter(id=code_id).update(state=State.NO_GATEWAY)
        return
    text = f"验证码 {row.sealed_code}，10 分钟内有效。请勿告诉他人，工作人员不会向您索要。"
    try:
        gateways.send_sms(row.sealed_phone, text, code_id)
    except gateways.GatewayFailed:
        PhoneCode.objects.filter(id=code_id).update(state=State.FAILED)
        raise
    kept = {} if settings.DEMO else {"sealed_code": None, "sealed_phone": None}
    PhoneCode.objects.filter(id=code_id).update(state=State.SENT, **kept)


@every("*/10 * * * *", "messages.forget_codes")
def forget_codes() -> None:
    """Expired codes lose what was sealed; after a day they are removed."""
    now = timezone.now()
    PhoneCode.objects.filter(made_at__lt=now - CODES_KEPT).delete()
    PhoneCode.objects.filter(~Q(sealed_code=None) | ~Q(sealed_phone=None), expires_at__lt=now).update(
        sealed_code=None, sealed_phone=None
    )


def _hand_over(outgoing: Outgoing, message_id: str) -> None:
    if outgoing.channel == Channel.SMS:
        gateways.send_sms(outgoing.contact, outgoing.body or outgoing.title, message_id)
    else:
        gateways.send_letter(outgoing.contact, outgoing.title, outgoing.body)
