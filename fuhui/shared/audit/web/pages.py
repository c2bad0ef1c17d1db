"""审计记录: who did and who read what, for auditors, operators and the community's secretary."""

from __future__ import annotations

import json
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fuhui.shared.audit.queries import EntryRow, entries_for, entry_for, may_read_entries
from fuhui.shared.audit.web.asked import INSTALLATION, chosen, texts, viewer_of, wanted_in
from fuhui.shared.audit.words import (
    action_word,
    action_words,
    actor_word,
    community_names,
    sensitive_reads,
    subject_word,
    subject_words,
)
from fuhui.shared.ui.format import when
from fuhui.shared.ui.shapes import Chip, Row, cell, chip, row
from fuhui.shared.viewers import Viewer


@require_safe
@login_required
def entries(request: HttpRequest) -> HttpResponse:
    """One page of a community's entries, newest first; `in` chooses the community or the installation."""
    viewer, place = viewer_of(request), request.GET.get("in", "")
    community = chosen(viewer, place)
    typed = texts(request.GET)
    page = entries_for(viewer, community_id=community, wanted=wanted_in(request.GET),
                       after=request.GET.get("after") or None)
    kept = {name: value for name, value in {"in": place, **typed}.items() if value}
    return render(request, "audit/entries.html", {
        "rows": [_row(one) for one in page.rows], "values": typed, "place": place,
        "here": str(community or INSTALLATION),
        "more": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
        "chips": _chips(viewer, community, kept), "more_open": bool(set(kept) - {"in", "reads"}),
        "actions": _options(action_words(), typed["action"]), "subjects": _options(subject_words(), typed["subject"]),
    })


@require_safe
@login_required
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry with everything it holds."""
    found = entry_for(viewer_of(request), entry_id)
    listed = reverse("audit:entries")
    same = urlencode({"subject": found.subject, "subject_id": found.subject_id})
    lines = [
        ["时间", when(found.at)],
        ["谁", cell(actor_word(found.actor, found.actor_name), href=f"{listed}?{urlencode({'actor': found.actor})}")],
        ["账号", found.actor], ["动作", f"{action_word(found.action)}（{found.action}）"],
        ["对象", cell(subject_word(found.subject), href=f"{listed}?{same}" if found.subject_id else "")],
        ["对象编号", found.subject_id], ["链中序号", str(found.seq or "")],
        ["内容", json.dumps(found.data, ensure_ascii=False, indent=1)],
    ]
    return render(request, "audit/entry.html", {
        "title": f"{action_word(found.action)} 第 {found.seq} 条", "columns": ["项目", "内容"], "rows": lines,
    })


def _chips(viewer: Viewer, community: UUID | None, kept: dict[str, str]) -> list[Chip]:
    """敏感信息 on or off, and the communities where there are several."""
    flipped = {name: value for name, value in kept.items() if name != "reads"}
    chips = [chip("只看敏感信息的查阅", f"?{urlencode(flipped if 'reads' in kept else {**kept, 'reads': '1'})}",
                  on="reads" in kept)]
    names = community_names(viewer) if len(viewer.communities) > 1 or may_read_entries(viewer, None).allowed else {}
    places = [(str(key), name, key == community) for key, name in names.items()]
    if may_read_entries(viewer, None).allowed:
        places.append((INSTALLATION, "系统本身", community is None))
    return chips + [chip(name, f"?{urlencode({**kept, 'in': key})}", on=on) for key, name, on in places]


def _options(words: dict[str, str], typed: str) -> list[tuple[str, str]]:
    """Known words by their sound of code; what was typed by hand stays choosable."""
    known = {**words, **({typed: typed} if typed and typed not in words else {})}
    return [("", "全部"), *sorted(known.items(), key=lambda pair: pair[0])]


def _row(found: EntryRow) -> Row:
    sensitive = found.action in sensitive_reads() or found.action == f"{found.subject}.read"
    number = found.data.get("number") or found.data.get("username") or found.data.get("name") or found.subject_id[:13]
    return row(
        f"{actor_word(found.actor, found.actor_name)} · {action_word(found.action)}",
        href=reverse("audit:entry", args=[found.id]), sub=f"{subject_word(found.subject)} {number}".strip(),
        meta=when(found.at), id=str(found.id), pill="敏感信息" if sensitive else "",
        tone="soon" if sensitive else "neutral",
    )
