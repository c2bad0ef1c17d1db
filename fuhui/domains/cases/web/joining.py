"""Merging into a main case, chosen by words or number, and splitting a case that held several matters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fuhui import triage
from fuhui.domains.cases.actions.merging import Part, merge_case, split_case
from fuhui.domains.cases.permissions import may_step
from fuhui.domains.cases.queries.pages import near, open_like
from fuhui.domains.cases.queries.record import CaseRecord, case_record
from fuhui.domains.cases.queries.search import search_ids
from fuhui.domains.cases.rules.states import STATE_NAMES, State, Step
from fuhui.domains.cases.web.again import sent_twice
from fuhui.domains.cases.web.base import Errors, errors_of, page, staff_page, uuid_in, version_in, viewer_of
from fuhui.domains.cases.web.record import head_of
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken
from fuhui.shared.ui.format import ago
from fuhui.shared.viewers import Viewer

PARTS = 3


@require_http_methods(["GET", "POST"])
@staff_page
def merge_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Which open case is the main one: suggested ones first, then by words or number."""
    viewer = viewer_of(request)
    record = case_record(viewer, case_id)
    if request.method == "GET":
        return _show_merge(request, viewer, record, {})
    main = uuid_in(request.POST.get("main"))
    note = request.POST.get("note", "")
    try:
        if main is None:
            raise BadInput("main_missing", "请先选择要并入的主单。", field="main")
        merge_case(by=viewer, case_id=case_id, main_id=main, note=note, version=version_in(request))
    except PeopleError as error:
        newest = case_record(viewer, case_id)
        if isinstance(error, RuleBroken) and sent_twice(viewer, newest, Step.MERGE, note):
            return redirect("cases:case", case_id=case_id)
        return _show_merge(request, viewer, newest, errors_of(error), status=error.status)
    messages.success(request, "已并案，反映人会一并得到进展。")
    return redirect("cases:case", case_id=main)


def _show_merge(
    request: HttpRequest, viewer: Viewer, record: CaseRecord, errors: Errors, *, status: int = 200
) -> HttpResponse:
    case, words = record.case, (request.GET.get("q") or request.POST.get("q") or "").strip()[:100]
    found = open_like(viewer, case, search_ids(words, open_only=True)) if words else near(viewer, case)
    evidence = {UUID(row["main"]): "；".join(map(str, row["evidence"])) for row in record.parts["suggestions"]}
    mains = _lines(sorted(found, key=lambda one: one.id not in evidence), evidence, case.text)
    return page(
        request,
        "cases/merge.html",
        head_of(viewer, record)
        | {
            "mains": mains,
            "q": words,
            "errors": errors,
            "note": request.POST.get("note", ""),
            "chosen": request.POST.get("main") or request.GET.get("main", ""),
            "action": request.path,
            "decision": may_step(record.who, case, Step.MERGE),
        },
        status=status,
    )


def _lines(found: list[Any], evidence: dict[UUID, str], text: str) -> list[dict[str, str]]:
    now = timezone.now()
    return [
        {
            "id": str(one.id),
            "title": one.title,
            "number": one.number,
            "why": evidence.get(one.id, ""),
            "state": STATE_NAMES[State(one.state)],
            "alike": f"{alike}%" if (alike := round(triage.similar(text, one.text) * 100)) else "",
            "when": ago(one.received_at, now),
            "place": one.place_text,
        }
        for one in found
    ]


@require_http_methods(["GET", "POST"])
@staff_page
def split_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Further matters are written down one by one; each becomes a case of its own."""
    viewer = viewer_of(request)
    record = case_record(viewer, case_id)
    parts = [
        Part(title, text)
        for title, text in zip(request.POST.getlist("title"), request.POST.getlist("text"), strict=False)
    ]
    if request.method == "GET":
        return _show_split(request, viewer, record, [], {})
    try:
        made = split_case(
            by=viewer,
            case_id=case_id,
            version=version_in(request),
            note=request.POST.get("note", ""),
            parts=[part for part in parts if part.text.strip() or part.title.strip()],
        )
    except PeopleError as error:
        newest = case_record(viewer, case_id)
        if isinstance(error, RuleBroken) and sent_twice(viewer, newest, Step.SPLIT, request.POST.get("note", "")):
            return redirect("cases:case", case_id=case_id)
        return _show_split(request, viewer, newest, parts, errors_of(error), status=error.status)
    messages.success(request, f"已拆出 {len(made)} 件：{'、'.join(one.number for one in made)}。")
    return redirect("cases:case", case_id=case_id)


def _show_split(
    request: HttpRequest, viewer: Viewer, record: CaseRecord, parts: list[Part], errors: Errors, *, status: int = 200
) -> HttpResponse:
    shown = [{"title": part.title, "text": part.text, "at": at} for at, part in enumerate(parts, 1)]
    shown += [{"title": "", "text": "", "at": at} for at in range(len(shown) + 1, max(PARTS, len(shown)) + 1)]
    return page(
        request,
        "cases/split.html",
        head_of(viewer, record)
        | {
            "parts": shown,
            "errors": errors,
            "note": request.POST.get("note", ""),
            "action": request.path,
            "decision": may_step(record.who, record.case, Step.SPLIT),
        },
        status=status,
    )
