"""The case page and the small things done on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fuhui.domains.cases.actions.details import reveal_contact
from fuhui.domains.cases.actions.handling import take_case
from fuhui.domains.cases.actions.merging import dismiss_suggestion, merge_case
from fuhui.domains.cases.permissions import may_step
from fuhui.domains.cases.queries.record import CaseRecord, case_record
from fuhui.domains.cases.rules.states import Step
from fuhui.domains.cases.web.base import errors_of, page, staff_page, uuid_in, version_in, viewer_of
from fuhui.domains.cases.web.record import page_of
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.viewers import Viewer


@require_GET
@staff_page
def case_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case with everything about it and everything that can be done with it."""
    viewer = viewer_of(request)
    return show_case(request, viewer, case_record(viewer, case_id))


def show_case(
    request: HttpRequest, viewer: Viewer, record: CaseRecord, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a case, with what else it should say."""
    return page(request, "cases/case.html", shown(viewer, record) | more, status=status)


def shown(viewer: Viewer, record: CaseRecord) -> dict[str, Any]:
    """What the record's template takes."""
    return page_of(viewer, record) | {"may_take": may_step(record.who, record.case, Step.ASSIGN).allowed}


@require_POST
@staff_page
@never_cache
def contact_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Names and phones of those who raised it; looking at them is written to the audit."""
    viewer = viewer_of(request)
    contacts = reveal_contact(by=viewer, case_id=case_id)
    return show_case(request, viewer, case_record(viewer, case_id), contacts=contacts)


@require_POST
@staff_page
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """我来办理."""
    viewer = viewer_of(request)
    return attempt(
        request, case_id, lambda: take_case(by=viewer, case_id=case_id, version=version_in(request)), "已由您办理。"
    )


@require_POST
@staff_page
def decide_suggestion(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A suggested repeat is merged, or said to be another matter."""
    viewer = viewer_of(request)
    case_record(viewer, case_id)  # before what was sent: another's case is not found
    if request.POST.get("decision") == "merge":
        main = uuid_in(request.POST.get("main"))
        if main is None:
            raise BadInput("main_missing", "请选择要并入的主单。")
        return attempt(
            request,
            case_id,
            lambda: merge_case(by=viewer, case_id=case_id, main_id=main, version=version_in(request)),
            "已并案，反映人会一并得到进展。",
        )
    suggestion = uuid_in(request.POST.get("suggestion"))
    if suggestion is None:
        raise BadInput("suggestion_unknown", "没有找到这条并案建议，请刷新页面。")
    return attempt(
        request, case_id, lambda: dismiss_suggestion(by=viewer, suggestion_id=suggestion), "已记下，不是同一件。"
    )


def attempt(request: HttpRequest, case_id: UUID, act: Any, done: str) -> HttpResponse:
    """Runs an action from the case page: back to the page, or the page with the newest state and the reason."""
    viewer = viewer_of(request)
    try:
        act()
    except PeopleError as error:
        record = case_record(viewer, case_id)
        return show_case(request, viewer, record, status=error.status, errors=errors_of(error))
    messages.success(request, done)
    return redirect("cases:case", case_id=case_id)
