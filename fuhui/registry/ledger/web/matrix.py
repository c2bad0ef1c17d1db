"""五帮五送 in figures: each cell, row and column opens as the records it counts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from fuhui.registry.ledger.permissions import may_write_by_hand
from fuhui.registry.ledger.queries.figures import definition_of
from fuhui.registry.ledger.queries.matrix import ADDING, Counted, counted_matrix
from fuhui.registry.ledger.rules.catalogue import Kind
from fuhui.registry.ledger.web.asked import asked, period_words, query, span_chips
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import signed_in, viewer_of
from fuhui.shared.ui.format import minutes_words
from fuhui.shared.ui.shapes import chip

_SHORT = {"sessions": "场次", "attendances": "对象人次", "servings": "参与人次", "minutes": "时长"}
_WAN = 10_000
_WIDE: dict[str, object] = {"kind": "", "help": "", "send": ""}


@signed_in
def matrix(request: HttpRequest) -> HttpResponse:
    """The table of one figure for the asked period; this year without one."""
    viewer, community = viewer_of(request), chosen_community(request)
    get = request.GET.copy()
    if not get.get("span") and not get.get("from") and not get.get("to"):
        get["span"] = "year"
    ask, code = asked(get, community.id), get.get("of") or ADDING[0]
    found = counted_matrix(viewer, ask, code)
    cells = _Cells(found, code, get)
    return render(request, "ledger/matrix.html", {
        "community": community, "period": period_words(ask), "figure": definition_of(code), "values": get,
        "spans": span_chips(get, of=code), "measures": [
            chip(_SHORT[one], f"?{query(get, of=one)}", on=one == code) for one in ADDING],
        "heads": found.table.heads, "lines": cells.lines(), "foot": cells.foot(), "others": cells.others(),
        "write": may_write_by_hand(viewer, community.id), "back": f"{reverse('ledger:book')}?{query(get)}",
    })


class _Cells:
    """Values with the address that each opens."""

    def __init__(self, found: Counted, code: str, get: QueryDict) -> None:
        self.found, self.code, self.get = found, code, get
        self.address = reverse("ledger:behind", args=["book", code])

    def lines(self) -> list[dict[str, Any]]:
        return [
            {"name": line.name, "cells": [self._kind(one) for one in line.cells],
             "sum": self._cell(sum(map(self.found.value, line.cells)), line.name, help=line.code)}
            for line in self.found.table.lines
        ]

    def foot(self) -> list[dict[str, Any]]:
        table = self.found.table
        columns = zip(table.sends, zip(*(line.cells for line in table.lines), strict=True), strict=True)
        return [self._cell(sum(map(self.found.value, kinds)), name, send=code) for (code, name), kinds in columns]

    def others(self) -> list[dict[str, Any]]:
        """Kinds outside the table of which there was any service."""
        kinds = self.found.table.others
        return [{"name": kind.name, "cell": self._kind(kind)} for kind in kinds if self.found.value(kind)]

    def _kind(self, kind: Kind | None) -> dict[str, Any] | None:
        return self._cell(self.found.value(kind), kind.name, kind=kind.code) if kind else None

    def _cell(self, value: int, name: str, **narrow: object) -> dict[str, Any]:
        unit = definition_of(self.code).unit
        words = minutes_words(value) if unit == "分钟" else f"{value:,} {unit}"
        shown = _short(round(value / 60) if unit == "分钟" else value)
        href = f"{self.address}?{query(self.get, **(_WIDE | narrow))}" if value else ""
        return {"value": shown, "href": href, "words": f"{name}：{words}"}


def _short(value: int) -> str:
    """A number that fits a cell on a phone; six digits and more in 万. The whole one is in the words of the cell."""
    return f"{value / _WAN:.1f}万" if value >= 10 * _WAN else f"{value:,}"
