"""What the public may read: the machine's redaction beside the original, changed and confirmed by a person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from fuhui.domains.cases.actions.publishing import PublicWords, proposed_words, publish_case
from fuhui.domains.cases.permissions import may_step
from fuhui.domains.cases.queries.record import CaseRecord, case_record
from fuhui.domains.cases.rules.states import Step
from fuhui.domains.cases.web.base import Errors, errors_of, page, staff_page, version_in, viewer_of
from fuhui.domains.cases.web.photos import photo_pairs
from fuhui.domains.cases.web.record import head_of
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.viewers import Viewer


@require_http_methods(["GET", "POST"])
@staff_page
def publish_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Original and public words side by side."""
    viewer = viewer_of(request)
    record = case_record(viewer, case_id)
    if request.method == "GET":
        return _show(request, viewer, record, proposed_words(record.case), {})
    sent = request.POST
    words = PublicWords(sent.get("title", ""), sent.get("text", ""), sent.get("reply", ""))
    try:
        if not sent.get("confirmed"):
            raise BadInput("not_confirmed", "请核对之后勾选“已核对”。", field="confirmed")
        publish_case(
            by=viewer,
            case_id=case_id,
            words=words,
            show_photos=bool(sent.get("show_photos")),
            version=version_in(request),
        )
    except PeopleError as error:
        return _show(request, viewer, case_record(viewer, case_id), words, errors_of(error), status=error.status)
    messages.success(request, "已在公开页展示。")
    return redirect("cases:case", case_id=case_id)


def _show(
    request: HttpRequest, viewer: Viewer, record: CaseRecord, words: PublicWords, errors: Errors, *, status: int = 200
) -> HttpResponse:
    case = record.case
    photos = [row for row in record.parts["photos"] if row["moment"] in {"before", "after"}]
    return page(
        request,
        "cases/publish.html",
        head_of(viewer, record)
        | {
            "sides": [
                {"name": "title", "label": "标题", "before": case.title, "after": words.title, "rows": "2"},
                {"name": "text", "label": "居民反映", "before": case.text, "after": words.text, "rows": "6"},
                {
                    "name": "reply",
                    "label": "办理结果",
                    "before": case.reply or "（没有写）",
                    "after": words.reply,
                    "rows": "6",
                },
            ],
            "errors": errors,
            "pairs": photo_pairs(photos),
            "action": request.path,
            "show_photos": bool(request.POST.get("show_photos")),
            "decision": may_step(record.who, case, Step.PUBLISH),
        },
        status=status,
    )
