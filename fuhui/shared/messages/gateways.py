"""The ways out: mail through Django, SMS through an HTTP gateway that the installation names.

FUHUI_SMS_URL gets a POST with JSON {"phone", "text", "id"} and answers 2xx when it has taken the message;
FUHUI_SMS_TOKEN, where set, goes along as a bearer token. The gateway adds the signature it has registered.
"""

from __future__ import annotations

import json
import os
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import send_mail

_SECONDS = 10


class GatewayFailed(Exception):
    """The gateway did not take the message; it will be tried again."""


def sms_url() -> str:
    """Address of the SMS gateway; empty where none is configured."""
    return str(getattr(settings, "SMS_URL", "") or os.environ.get("FUHUI_SMS_URL", "")).strip()


def send_sms(phone: str, text: str, message_id: str) -> None:
    """Hands one SMS over. Raises GatewayFailed when the gateway does not take it."""
    url = sms_url()
    if not url.startswith(("https://", "http://")):
        raise GatewayFailed("FUHUI_SMS_URL 应以 https:// 开头。")
    headers = {"Content-Type": "application/json"}
    if token := os.environ.get("FUHUI_SMS_TOKEN", "").strip():
        headers["Authorization"] = f"Bearer {token}"
    content = json.dumps({"phone": phone, "text": text, "id": message_id}, ensure_ascii=False).encode()
    try:
        with urlopen(Request(url, content, headers), timeout=_SECONDS):  # noqa: S310 - scheme checked above
            pass
    except (URLError, OSError) as error:  # an answer that is not 2xx is a URLError too
        raise GatewayFailed(f"短信网关没有接受：{error}") from error


def send_letter(address: str, title: str, body: str) -> None:
    """Hands one mail over. Raises GatewayFailed when the mail server does not take it."""
    try:
        send_mail(title, body, None, [address])
    except OSError as error:
        raise GatewayFailed(f"邮件服务器没有接受：{error}") from error


def gateway_notes() -> list[str]:
    """What `fuhui doctor` says about the ways out; empty when both are configured."""
    notes = []
    if not sms_url():
        notes.append("没有配置短信网关（FUHUI_SMS_URL）：短信和验证码只会留在发件箱，不会发到手机上。")
    if not getattr(settings, "EMAIL_URL_HOST", ""):
        notes.append("没有配置邮件服务器（FUHUI_MAIL_HOST）：邮件只写到 var/mail 目录。")
    return notes
