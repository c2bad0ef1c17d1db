"""审计记录: who did and who read what, for auditors, operators and the community's secretary."""

from __future__ import annotations

import json
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fuhui.shared.audit.queries import EntryRow, entries_for, entry_for, may_read_entries
from fuhui.shared.errors import BadInput
from fuhui.shared.ui.format import when
from fuhui.shared.ui.shapes import Row, row
from fuhui.shared.viewers import Viewer

_FILTERS = ("action", "subject", "subject_id", "actor")
_INSTALLATION = "installation"


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """One page of a community's entries, newest first; `in` chooses the community or the installation."""
    viewer = _viewer(request)
    community = _chosen(viewer, request.GET.get("in", ""))
    wanted = {name: request.GET.get(name, "").strip() for name in _FILTERS}
    page = entries_for(viewer, community_id=community, after=request.GET.get("after") or None,
        subject=wanted["subject"], subject_id=wanted["subject_id"], actor=wanted["actor"], action=wanted["action"])
    kept = {name: value for name, value in {**wanted, "in": request.GET.get("in", "")}.items() if value}
    return render(request, "audit/entries.html", {
        "rows": [_row(one) for one in page.rows], "values": wanted, "place": request.GET.get("in", ""),
        "more": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
        "installation": may_read_entries(viewer, None).allowed, "here": "" if community else _INSTALLATION,
    })


@require_safe
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry with everything it holds."""
    found = entry_for(_viewer(request), entry_id)
    lines = [
        ["时间", when(found.at)], ["谁", found.actor_name or "（访客）"], ["账号", found.actor], ["动作", found.action],
        ["对象", found.subject], ["对象编号", found.subject_id], ["链中序号", str(found.seq or "")],
        ["内容", json.dumps(found.data, ensure_ascii=False, indent=1)],
    ]
    return render(request, "audit/entry.html", {
        "title": f"{found.action} 第 {found.seq} 条", "columns": ["项目", "内容"], "rows": lines,
    })


def _chosen(viewer: Viewer, text: str) -> UUID | None:
    """The community asked for, else the viewer's first; None for the installation's own entries."""
    if text == _INSTALLATION or (not text and not viewer.communities):
        return None
    try:
        return UUID(text) if text else viewer.communities[0]
    except ValueError as error:
        raise BadInput("community", "社区编号无效，请从页面上的链接进入。", field="in") from error


def _row(found: EntryRow) -> Row:
    return row(
        f"{found.actor_name or '访客'} {found.action}", href=reverse("audit:entry", args=[found.id]),
        sub=f"{found.subject} {found.subject_id}", meta=when(found.at), id=str(found.id),
    )


def _viewer(request: HttpRequest) -> Viewer:
    return cast("Viewer", request.viewer)  # type: ignore[attr-defined]
