"""Checking the chain from a page, and taking entries out as CSV."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from fuhui.shared.audit.checking import check_chain
from fuhui.shared.audit.export import export_entries
from fuhui.shared.audit.web.asked import INSTALLATION, chosen, viewer_of, wanted_in


@require_POST
@login_required
def check(request: HttpRequest) -> HttpResponse:
    """Computes the latest entries' hashes anew and says what was checked."""
    community = chosen(viewer_of(request), request.POST.get("in", ""))
    report = check_chain(by=viewer_of(request), community_id=community)
    head = next(iter(report.heads.values()), None)
    return render(request, "audit/check.html", {
        "entries": f"{report.entries:,}", "place": str(community or INSTALLATION), "is_whole": not report.problems,
        "first": head.seq - report.entries + 1 if head else 0, "last": head.seq if head else 0,
        "hash": head.hash.hex() if head else "",
        "rows": [[str(one.seq or ""), one.message] for one in report.problems], "columns": ["#第几条", "问题"],
    })


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The entries that the filters show, as a CSV file."""
    viewer = viewer_of(request)
    community = chosen(viewer, request.POST.get("in", ""))
    lines = export_entries(by=viewer, community_id=community, wanted=wanted_in(request.POST))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localtime():%Y%m%d-%H%M}.csv"'
    response["Cache-Control"] = "no-store"
    return response
