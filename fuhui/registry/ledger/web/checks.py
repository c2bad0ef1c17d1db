"""The self-checks: what they found last, and a button to look now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fuhui.registry.ledger.actions.checking import run_checks
from fuhui.registry.ledger.permissions import may_check
from fuhui.registry.ledger.queries.checking import Checked, last_results
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import signed_in, viewer_of
from fuhui.shared.ui.format import when


@signed_in
def checks(request: HttpRequest) -> HttpResponse:
    """GET shows the last results, POST checks now."""
    viewer, community = viewer_of(request), chosen_community(request)
    if request.method == "POST":
        found = sum(row.found for row in run_checks(by=viewer, community_id=community.id))
        messages.success(request, f"已核对，发现 {found} 处不一致。" if found else "已核对，全部一致。")
        return redirect("ledger:checks")
    results = last_results(viewer, community.id)
    return render(request, "ledger/checks.html", {
        "checks": [_shown(one) for one in results], "may": may_check(viewer, community.id), "community": community,
        "wrong": sum(1 for one in results if one.result and one.result.found),
    })


def _shown(one: Checked) -> dict[str, object]:
    found = one.result.found if one.result else None
    return {
        "title": one.check.title, "advice": one.check.advice, "found": found,
        "tone": one.check.severity if found else "done" if found == 0 else "neutral",
        "words": "还没有核对" if found is None else f"{found} 处不一致" if found else "一致",
        "when": when(one.result.at) if one.result else "", "rows": one.result.rows if one.result else [],
        "more": max((found or 0) - len(one.result.rows), 0) if one.result else 0,
    }
