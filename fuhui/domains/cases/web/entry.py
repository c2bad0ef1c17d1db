"""代录诉求: by staff for somebody who calls, comes, or for what was seen on a round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fuhui import triage
from fuhui.domains.cases.actions.details import add_photo
from fuhui.domains.cases.actions.intake import CaseInput, PlaceInput, Reporter, submit_case
from fuhui.domains.cases.actions.receipt import Receipt
from fuhui.domains.cases.actions.sorting import Sorted, place_of, sort_matter
from fuhui.domains.cases.permissions import may_enter
from fuhui.domains.cases.queries.pages import building_options, category_options, grid_names, grid_options, repeats_of
from fuhui.domains.cases.queries.record import case_record
from fuhui.domains.cases.rules.clocks import PRIORITY_NAMES
from fuhui.domains.cases.rules.states import STATE_NAMES, State
from fuhui.domains.cases.web.base import Errors, community_of, errors_of, page, staff_page, uuid_in, viewer_of
from fuhui.domains.cases.web.report import check_photos
from fuhui.domains.cases.web.shapes import PageForm
from fuhui.shared.errors import NotFound, PeopleError
from fuhui.shared.ui.format import ago, when
from fuhui.shared.ui.shapes import Option
from fuhui.shared.viewers import DESK_ROLES, Viewer

_SOURCES = [("phone", "来电来访"), ("patrol", "网格巡查")]
LOOK_BACK = timedelta(days=30)
_ALIKE = 5


class EntryForm(PageForm):
    """What the caller says, and what the desk makes of it."""

    source = forms.ChoiceField(
        label="怎么来的",
        widget=forms.RadioSelect,
        choices=_SOURCES,
        initial="phone",
        error_messages={"required": "请选择怎么来的。"},
    )
    text = forms.CharField(
        label="居民怎么说的",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="尽量用居民的原话，写上楼号、单元。",
    )
    name = forms.CharField(label="称呼", required=False, max_length=40)
    phone = forms.CharField(
        label="电话", required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    building = forms.ChoiceField(label="楼栋", required=False, widget=forms.Select)
    grid = forms.ChoiceField(label="网格", required=False, widget=forms.Select, help_text="选了楼栋就不用选。")
    place = forms.CharField(label="地点", required=False, max_length=120)
    category = forms.ChoiceField(label="类别", required=False, widget=forms.Select, help_text="不选就由系统判断。")
    priority = forms.ChoiceField(
        label="优先级",
        required=False,
        widget=forms.RadioSelect,
        choices=[("", "由规则定"), *((str(key), name) for key, name in PRIORITY_NAMES.items())],
    )
    confidential = forms.BooleanField(label="举报（对被举报方保密）", required=False)
    needed = ("text",)


@require_http_methods(["GET", "POST"])
@staff_page
@never_cache
def entry_page(request: HttpRequest) -> HttpResponse:
    """The form; a look first shows what was understood and what may be the same matter; then it is entered."""
    viewer, community_id = viewer_of(request), community_of(request, *DESK_ROLES)
    may_enter(viewer, community_id).require()
    choices = _choices(viewer, community_id)
    if request.method == "GET":
        return _show(request, EntryForm(choices=choices), {}, key=str(uuid4()))
    form = EntryForm(request.POST, choices=choices)
    key = str(uuid_in(request.POST.get("request_key")) or uuid4())
    if not form.is_valid():
        return _show(request, form, form.page_errors(), key=key, status=422)
    try:
        if request.POST.get("do") == "look":
            return _look(request, viewer, community_id, form, choices, key)
        return _enter(request, viewer, community_id, form, key)
    except PeopleError as error:
        return _show(request, form, errors_of(error), key=key, status=error.status)


def _choices(viewer: Viewer, community_id: UUID) -> dict[str, list[Option]]:
    return {
        "building": building_options(viewer, community_id),
        "grid": grid_options(viewer, community_id),
        "category": category_options(viewer, community_id),
    }


def _matter(form: EntryForm, key: str) -> CaseInput:
    data = form.cleaned_data
    return CaseInput(
        text=data["text"],
        source=data["source"],
        reporter=Reporter(name=data["name"], phone=data["phone"]),
        place=PlaceInput(grid_id=uuid_in(data["grid"]), building_id=uuid_in(data["building"]), words=data["place"]),
        category_code=data["category"],
        priority=data["priority"],
        is_confidential=data["confidential"],
        request_key=f"desk:{key}",
    )


def _look(
    request: HttpRequest,
    viewer: Viewer,
    community_id: UUID,
    form: EntryForm,
    choices: dict[str, list[Option]],
    key: str,
) -> HttpResponse:
    """What the machine understood, filled into the fields that were left open; nothing is written."""
    matter = _matter(form, key)
    found = sort_matter(community_id, matter, matter.text or " ", now=timezone.now())
    filled = request.POST.copy()
    filled["category"] = filled.get("category") or found.category.code
    filled["building"] = filled.get("building") or str(found.building_id or "")
    filled["grid"] = filled.get("grid") or str(found.grid_id or "")
    filled["place"] = filled.get("place") or place_of(matter, found)
    text = matter.text
    return _show(
        request,
        EntryForm(filled, choices=choices),
        {},
        key=key,
        look=_understood(viewer, community_id, found),
        danger=triage.danger(text),
        refusal=triage.jurisdiction(text),
        repeats=_repeats(viewer, community_id, found, text),
    )


def _understood(viewer: Viewer, community_id: UUID, found: Sorted) -> list[tuple[str, str]]:
    grid = grid_names(viewer, community_id).get(found.grid_id, "") if found.grid_id else ""
    return [
        ("类别", found.category.name),
        ("优先级", f"{PRIORITY_NAMES[found.priority]}（{found.priority_why}）"),
        ("地点", " · ".join(part for part in (grid, str(found.place_facts.get("why", ""))) if part) or "没有写明"),
        ("派给", f"{found.handler.name}（规则“{found.handler.rule}”）" if found.handler else "先到待办，由社区派单"),
        ("首次答复", f"{when(found.dates.reply.due)} 前"),
        ("办结", f"{when(found.dates.close.due)} 前"),
    ]


def _repeats(viewer: Viewer, community_id: UUID, found: Sorted, text: str) -> list[dict[str, str]]:
    now = timezone.now()
    cases = repeats_of(
        viewer, community_id, building_id=found.building_id, category_code=found.category.code, since=now - LOOK_BACK
    )
    known = {str(case.id): case for case in cases}
    matches = triage.match(
        triage.Candidate("new", text, found.understanding.place, found.category.codes[-1], now.replace(tzinfo=None)),
        [
            triage.Candidate(key, case.text, None, None, case.received_at.replace(tzinfo=None))
            for key, case in known.items()
        ],
        limit=_ALIKE,
    )
    return [
        {
            "href": f"/cases/{one.candidate_id}/",
            "title": known[one.candidate_id].title,
            "why": one.evidence_zh,
            "number": known[one.candidate_id].number,
            "state": STATE_NAMES[State(known[one.candidate_id].state)],
            "score": f"{round(one.score * 100)}%",
            "when": ago(known[one.candidate_id].received_at, now),
        }
        for one in matches
    ]


def _enter(request: HttpRequest, viewer: Viewer, community_id: UUID, form: EntryForm, key: str) -> HttpResponse:
    photos = request.FILES.getlist("photos")
    check_photos(photos)
    receipt = submit_case(by=viewer, community_id=community_id, matter=_matter(form, key))
    if photos and not _has_photos(viewer, receipt.case.id):
        for photo in photos:
            try:
                add_photo(by=viewer, case_id=receipt.case.id, upload=photo, moment="before")
            except PeopleError as error:
                messages.warning(request, error.message)
    return _entered(request, receipt)


def _has_photos(viewer: Viewer, case_id: UUID) -> bool:
    """True where the same form came a second time; a case of somebody else's grid is not looked into."""
    try:
        return bool(case_record(viewer, case_id).parts["photos"])
    except NotFound:
        return False


def _entered(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """The receipt to read out, or to copy to the caller."""
    link = request.build_absolute_uri(f"/t/{receipt.token}/") if receipt.token else ""
    picture = segno.make(link, error="m").svg_data_uri(scale=4, border=3, light="#fff", dark="#000") if link else ""
    return page(
        request,
        "cases/entered.html",
        {
            "case": receipt.case,
            "answer": receipt.answer,
            "danger": receipt.danger,
            "refusal": receipt.refusal,
            "link": link,
            "qr": picture,
            "suggestions": [{**one, "score": f"{round(float(one['score']) * 100)}%"} for one in receipt.suggestions],
        },
    )


def _show(
    request: HttpRequest, form: EntryForm, errors: Errors, *, key: str, status: int = 200, **more: Any
) -> HttpResponse:
    return page(
        request,
        "cases/new.html",
        {
            "fields": form.page_fields(errors, autosave="new"),
            "errors": errors,
            "request_key": key,
            "action": request.path,
            "community": request.GET.get("community", "") or request.POST.get("community", ""),
            **more,
        },
        status=status,
    )
