"""The service catalogue: the matrix, and a form that writes the next version."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fuhui.registry.ledger.actions import save_kind
from fuhui.registry.ledger.permissions import may_keep_catalogue, may_read_book
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.ledger.rules.catalogue import Kind
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken


@signed_in
def catalogue(request: HttpRequest) -> HttpResponse:
    """GET lists the kinds in use and retired, POST adds or changes one."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_read_book(viewer, community.id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        may_keep_catalogue(viewer, community.id).require()
        post = request.POST
        try:
            kind = Kind(text(post, "code", 61), text(post, "name", 30), is_active=bool(post.get("is_active")))
            number = save_kind(by=viewer, community_id=community.id, kind=kind, version=whole(post, "version", "版本"))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"已保存为目录第 {number} 版，以前的记录仍按当时的版本。")
            return redirect("ledger:catalogue")
    found = catalogue_for(viewer, community.id)
    return render(request, "ledger/catalogue.html", {
        "found": found, "errors": errors, "keep": may_keep_catalogue(viewer, community.id), "community": community,
        "values": request.POST if errors else {"is_active": "on"},
        "rows": [[kind.code, kind.name, kind.send_name, kind.help_name, "使用中" if kind.is_active else "停用"]
                 for kind in found.kinds],
        "columns": ["代码", "名称", "送什么", "帮谁", "状态"],
    }, status=422 if errors else 200)
