"""The book as a table of 帮谁 × 送什么."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.ledger.queries.figures import COLUMN, definition_of
from fuhui.registry.ledger.queries.records import narrowed, records_for, require_reader
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.registry.ledger.rules.catalogue import Kind
from fuhui.registry.ledger.rules.matrix import Table, laid_out
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer

# Figures of which the cells add up to the sums beside them; distinct people and households do not.
ADDING = ("sessions", "attendances", "servings", "minutes")


@dataclass(frozen=True)
class Counted:
    """The catalogue as a table with one figure for each kind: those in use, and retired ones with services."""

    table: Table
    values: dict[str, int]

    def value(self, kind: Kind | None) -> int:
        """The figure of one kind, 0 for an empty cell."""
        return self.values.get(kind.code, 0) if kind else 0


def counted_matrix(viewer: Viewer, ask: Ask, code: str) -> Counted:
    """The figure `code` (one of ADDING) of each kind; a cell opens as `records_behind` with that kind, a row or
    column with that `help` or `send`. Refused where the viewer may not read the book; NotFound for other figures."""
    require_reader(viewer, ask.community)
    if code not in ADDING:
        raise NotFound("figure", "这个数字不能按五帮五送相加，请回到表格另选一个。")
    found = narrowed(records_for(viewer), ask).order_by().values_list("kind_code")
    values = {
        kind: value for kind, value, sessions in found.annotate(
            value=Sum(COLUMN[definition_of(code).code]), sessions=Sum("sign")) if sessions > 0
    }
    return Counted(laid_out(catalogue_for(viewer, ask.community).kinds, values), values)
