"""The service catalogue: the matrix to write a service from, and forms that write the next version."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from fuhui.registry.ledger.actions import extend_matrix, save_kind
from fuhui.registry.ledger.permissions import may_keep_catalogue, may_read_book, may_write_by_hand
from fuhui.registry.ledger.queries.catalogue import CatalogueVersion, catalogue_for
from fuhui.registry.ledger.rules.catalogue import Kind
from fuhui.registry.ledger.rules.matrix import HELP, NAME, SEND, laid_out
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.viewers import Viewer

_SIDES = [(HELP, "加一行：帮谁"), (SEND, "加一列：送什么")]


@signed_in
def catalogue(request: HttpRequest) -> HttpResponse:
    """GET shows the kinds in use and retired, POST adds or changes one, or adds a row or column."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_read_book(viewer, community.id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        may_keep_catalogue(viewer, community.id).require()
        try:
            number = _write(request.POST, viewer, community.id)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"已保存为目录第 {number} 版，以前的记录仍按当时的版本。")
            return redirect("ledger:catalogue")
    found = catalogue_for(viewer, community.id)
    return render(request, "ledger/catalogue.html", {
        "community": community, "found": found, "table": laid_out(found.kinds), "errors": errors,
        "keep": may_keep_catalogue(viewer, community.id), "write": may_write_by_hand(viewer, community.id),
        "values": request.POST if errors else _fresh(request.GET.get("code", ""), found), "sides": _SIDES, "most": NAME,
        "kinds": [(one.code, one.name if one.is_active else f"{one.name}（停用）") for one in found.kinds],
        "retired": [one.name for one in found.kinds if not one.is_active],
    }, status=422 if errors else 200)


def _write(post: QueryDict, viewer: Viewer, community: UUID) -> int:
    version = whole(post, "version", "版本")
    if post.get("do") == "extend":
        return extend_matrix(by=viewer, community_id=community, side=text(post, "side", 10),
                             name=text(post, "line_name", 30), version=version)
    kind = Kind(text(post, "code", 61), text(post, "name", 30), is_active=bool(post.get("is_active")))
    return save_kind(by=viewer, community_id=community, kind=kind, version=version)


def _fresh(code: str, found: CatalogueVersion) -> dict[str, str]:
    """The form for the kind that the address names, else for a further one."""
    kind = found.kind(code)
    if kind is None:
        return {"is_active": "on", "side": HELP}
    return {"code": kind.code, "name": kind.name, "is_active": "on" if kind.is_active else "", "side": HELP}
