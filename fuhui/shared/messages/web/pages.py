"""我的消息, one message, and the operators' outbox."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fuhui.shared.messages.actions import mark_all_read, mark_read
from fuhui.shared.messages.queries import CodeRow, MessageRow, OutRow, codes_for, messages_for, outbox_for
from fuhui.shared.ui.format import Tone, when
from fuhui.shared.ui.shapes import Row, row
from fuhui.shared.viewers import Viewer

_LINE = 60
_TONES: dict[str, Tone] = {"queued": "soon", "sent": "done", "failed": "late", "no_gateway": "late"}


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The viewer's own messages, newest first."""
    viewer = _viewer(request)
    if not viewer.is_signed_in:
        return redirect_to_login(request.get_full_path())
    page = messages_for(viewer, after=request.GET.get("after", ""))
    return render(request, "inbox/mine.html", {
        "rows": [_row(message) for message in page.rows], "more": f"?after={page.after}" if page.after else "",
        "has_unread": any(message.read_at is None for message in page.rows),
    })


@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message; showing it marks it as read."""
    viewer = _viewer(request)
    if not viewer.is_signed_in:
        return redirect_to_login(request.get_full_path())
    found = mark_read(by=viewer, message_id=message_id)
    return render(request, "inbox/message.html", {
        "title": found.title, "body": found.body, "link": found.link, "when": when(found.created_at),
    })


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all as read and shows the list again."""
    if not _viewer(request).is_signed_in:
        return redirect_to_login(reverse("inbox:list"))
    count = mark_all_read(by=_viewer(request))
    messages.success(request, f"已把 {count} 条消息标为已读。" if count else "没有未读的消息。")
    return redirect("inbox:list")


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What went out by SMS and mail; in a demo also the phone codes that no gateway carries."""
    viewer = _viewer(request)
    if not viewer.is_signed_in:
        return redirect_to_login(request.get_full_path())
    rows, after = outbox_for(viewer, after=request.GET.get("after", ""))
    return render(request, "inbox/outbox.html", {
        "rows": [_out(one) for one in rows], "more": f"?after={after}" if after else "",
        "codes": [_code(one) for one in codes_for(viewer)],
    })


def _row(found: MessageRow) -> Row:
    return row(
        found.title, href=reverse("inbox:message", args=[found.id]), sub=found.body[:_LINE],
        meta=when(found.created_at), unread=found.read_at is None, id=str(found.id),
    )


def _out(one: OutRow) -> Row:
    return row(
        f"{one.to} {one.title}", sub=one.body, meta=when(one.created_at), pill=one.state_name,
        tone=_TONES[one.state], note=one.last_error or one.channel,
    )


def _code(one: CodeRow) -> Row:
    return row(f"{one.to} 验证码 {one.code}", sub=one.purpose, meta=when(one.made_at))


def _viewer(request: HttpRequest) -> Viewer:
    return cast("Viewer", request.viewer)  # type: ignore[attr-defined]
