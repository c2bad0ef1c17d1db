"""The export of service records: a period, and the file."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuhui.domains.volunteers.actions.exporting import export_records
from fuhui.domains.volunteers.permissions import is_office
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import day, errors_of, signed_in, viewer_of
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.ui.format import today

_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The form; with `form` the file of the period, this month where none is chosen."""
    viewer, community = viewer_of(request), chosen_community(request)
    if not is_office(viewer, community.id):
        raise NotAllowed("volunteers_export", "服务记录由社区工作者或书记导出；自己的记录在“服务记录和证明”里。")
    errors: dict[str, str] = {}
    if request.GET.get("form") in _TYPES:
        try:
            return _file(request)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
    return render(request, "volunteers/export.html", {
        "errors": errors, "since": request.GET.get("from") or today().replace(day=1).isoformat(),
        "until": request.GET.get("to") or today().isoformat(),
    }, status=422 if errors else 200)


def _file(request: HttpRequest) -> HttpResponse:
    community, now = chosen_community(request).id, today()
    since = day(request.GET, "from", "开始日期") or now.replace(day=1)
    until = day(request.GET, "to", "结束日期") or now
    form: Literal["xlsx", "csv"] = "csv" if request.GET["form"] == "csv" else "xlsx"
    made = export_records(by=viewer_of(request), community_id=community, since=since, until=until, form=form)
    answer = HttpResponse(made, content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="volunteer-records-{since:%Y%m%d}-{until:%Y%m%d}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer
