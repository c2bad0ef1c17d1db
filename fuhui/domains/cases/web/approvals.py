"""待我审批: extensions and objections that wait for the secretary."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fuhui.domains.cases.queries.pages import Waiting, extensions_waiting, objections_waiting
from fuhui.domains.cases.web.base import community_of, page, staff_page, viewer_of
from fuhui.shared.errors import NotAllowed
from fuhui.shared.ui.format import when
from fuhui.shared.viewers import Role


@require_GET
@staff_page
def approvals_page(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first, each decided in place."""
    viewer, community_id = viewer_of(request), community_of(request, Role.SECRETARY)
    if not viewer.has(Role.SECRETARY, community_id=community_id):
        raise NotAllowed("not_secretary", "延期和退回由社区书记审批。")
    return page(
        request,
        "cases/approvals.html",
        {
            "extensions": [_shown(one) for one in extensions_waiting(viewer, community_id)],
            "objections": [_shown(one) for one in objections_waiting(viewer, community_id)],
        },
    )


def _shown(one: Waiting) -> dict[str, object]:
    return {
        "id": one.case_id,
        "number": one.number,
        "title": one.title,
        "reason": one.reason,
        "at": when(one.at),
        "by": one.asked_by,
        "days": one.days,
        "due": when(one.due_at),
        "is_own": one.is_own,
        "version": one.version,
    }
