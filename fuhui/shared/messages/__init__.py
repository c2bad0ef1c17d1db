"""Messages to people: on their page, by SMS and by mail; and codes that prove a phone is somebody's own.

Words: message 消息, outbox 发件箱, phone code 验证码. `send` only writes rows; a job hands them to the gateway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fuhui.shared.messages.phones import phone_number

if TYPE_CHECKING:
    from uuid import UUID

    from fuhui.shared.messages.codes import check_code, request_code

__all__ = ["check_code", "phone_number", "request_code", "send"]


def send(
    *, community_id: UUID, kind: str, title: str, body: str, to_account: UUID | None = None,
    to_phone: str | None = None, to_mail: str | None = None, link: str = "", dedupe_key: str | None = None,
) -> UUID | None:
    """Writes one message in the caller's transaction. See `fuhui.shared.messages.actions.send`."""
    from fuhui.shared.messages import actions  # here, so that importing the name needs no ready Django

    return actions.send(
        community_id=community_id, to_account=to_account, to_phone=to_phone, to_mail=to_mail, kind=kind,
        title=title, body=body, link=link, dedupe_key=dedupe_key,
    )


def __getattr__(name: str) -> Any:
    if name in ("request_code", "check_code"):
        from fuhui.shared.messages import codes

        return getattr(codes, name)
    raise AttributeError(name)
