"""One page for every step: the newest state above, the form below; it works without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from fuhui import triage
from fuhui.domains.cases.permissions import may_step
from fuhui.domains.cases.queries.answers import suggested_answers
from fuhui.domains.cases.queries.pages import building_options, category_options, grid_options, worker_options
from fuhui.domains.cases.queries.record import CaseRecord, case_record
from fuhui.domains.cases.rules.states import STEP_NAMES, Step
from fuhui.domains.cases.web.again import sent_twice
from fuhui.domains.cases.web.base import Errors, errors_of, page, staff_page, version_in, viewer_of
from fuhui.domains.cases.web.choices import REPORTERS_OWN
from fuhui.domains.cases.web.record import head_of
from fuhui.domains.cases.web.shapes import PageForm
from fuhui.domains.cases.web.step_pages import STEP_PAGES, StepPage, Turn
from fuhui.shared.errors import NotFound, PeopleError, RuleBroken
from fuhui.shared.ui.shapes import Option, option
from fuhui.shared.viewers import Viewer

_OWN_PAGES = {Step.MERGE: "cases:merge", Step.SPLIT: "cases:split", Step.PUBLISH: "cases:publish"}


@require_http_methods(["GET", "POST"])
@staff_page
def step_page(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    """The form of a step, and what happens when it is sent."""
    taken = _step(step)
    if taken in _OWN_PAGES:
        return redirect(_OWN_PAGES[taken], case_id=case_id)
    shown = STEP_PAGES.get(taken)
    if taken in REPORTERS_OWN:
        name = STEP_NAMES[taken]
        raise NotFound("reporters_step", f"“{name}”由反映人在自己的查询页上做。您可以写“备注”或“答复居民”。")
    if shown is None:
        raise NotFound("unknown_step", "没有这个步骤，请回到诉求页重新选择。")
    viewer = viewer_of(request)
    record = case_record(viewer, case_id)
    choices = _choices(viewer, record, shown)
    if request.method == "GET":
        form = shown.form(initial=_initial(record, taken), choices=choices)
        return _show(request, viewer, record, taken, form, {})
    form = shown.form(request.POST, request.FILES, choices=choices)
    return _send(request, viewer, record, taken, form)


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError as error:
        raise NotFound("unknown_step", "没有这个步骤，请回到诉求页重新选择。") from error


def _send(request: HttpRequest, viewer: Viewer, record: CaseRecord, step: Step, form: PageForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, viewer, record, step, form, form.page_errors(), status=422)
    shown = STEP_PAGES[step]
    try:
        shown.run(Turn(viewer, record, form.cleaned_data, version_in(request)))
    except PeopleError as error:
        newest = case_record(viewer, record.case.id)
        if isinstance(error, RuleBroken) and sent_twice(viewer, newest, step, str(form.cleaned_data.get("note", ""))):
            return redirect("cases:case", case_id=record.case.id)
        return _show(request, viewer, newest, step, form, errors_of(error), status=error.status)
    messages.success(request, shown.done)
    return redirect("cases:case", case_id=record.case.id)


def _show(
    request: HttpRequest,
    viewer: Viewer,
    record: CaseRecord,
    step: Step,
    form: PageForm,
    errors: Errors,
    *,
    status: int = 200,
) -> HttpResponse:
    shown, case = STEP_PAGES[step], record.case
    decision = may_step(record.who, case, step)
    return page(
        request,
        "cases/step.html",
        head_of(viewer, record)
        | {
            "step": step,
            "label": STEP_NAMES[step],
            "says": shown.says,
            "tone": shown.tone,
            "errors": errors,
            "fields": form.page_fields(errors, autosave=f"{case.number}-{step}"),
            "decision": decision,
            "is_shut": not decision.allowed,
            "is_upload": "photo" in form.fields,
            "answers": _answers(viewer, record, step) if not errors else [],
            "action": request.path,
        },
        status=status,
    )


def _answers(viewer: Viewer, record: CaseRecord, step: Step) -> list[triage.Suggestion]:
    return suggested_answers(viewer, record.case) if step in {Step.ANSWER_NOW, Step.REPLY} else []


def _initial(record: CaseRecord, step: Step) -> dict[str, Any]:
    case = record.case
    if step is Step.REFUSE:
        refusal = triage.jurisdiction(case.text)
        return {"note": refusal.reason, "channel": refusal.channel} if refusal else {}
    if step is Step.CORRECT:
        return {
            "title": case.title,
            "category": case.category.code,
            "priority": case.priority,
            "grid": case.grid_id or "",
            "building": case.building_id or "",
            "place": case.place_text,
        }
    return {}


def _choices(viewer: Viewer, record: CaseRecord, shown: StepPage) -> dict[str, list[Option]]:
    community_id = record.case.community_id
    makers = {
        "to": lambda: worker_options(viewer, community_id),
        "handler": lambda: _whistled(record),
        "category": lambda: category_options(viewer, community_id),
        "grid": lambda: grid_options(viewer, community_id),
        "building": lambda: building_options(viewer, community_id),
    }
    return {name: makers[name]() for name in shown.wants}


def _whistled(record: CaseRecord) -> list[Option]:
    return [
        option(row["id"], row["name"])
        for row in record.parts["handlers"]
        if row["role"] == "whistled" and not row["until"]
    ]
