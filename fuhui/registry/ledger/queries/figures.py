"""Figures of the book, and the records that each of them opens as.

A reversal lies on the day of what it takes back and counts negative, so sums over all rows are those of the
standing records; lists show the standing ones. Distinct people and households need the parts.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import CharField, Count, F, Func, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from fuhui.registry.ledger.queries.records import (
    PAGE,
    RecordPage,
    narrowed,
    paged,
    records_for,
    require_reader,
    standing,
)
from fuhui.registry.ledger.rules.asking import BOOK, Ask, Definition, Figure
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer

# figure → the column that a record adds to it, and the column that says whether it adds anything
COLUMN = {
    "sessions": "sign", "attendances": "got_heads", "persons": "got_named", "households": "got_homes",
    "unnamed": "got_unnamed", "servings": "gave_heads", "servers": "gave_named", "minutes": "gave_minutes",
}
# Whose distinct number is asked, and of which parts; each statement is answered by one index. A merged person is
# read as the one kept, after the counting by id: a reversal names the same id as what it takes back.
_GOT = (
    "SELECT count(DISTINCT coalesce(m.merged_into_id, x.person)), count(x.home) FROM ("
    " SELECT p.person_id AS person, p.household_id AS home FROM ledger_part p WHERE {where} AND p.side = 'got'"
    " AND (p.person_id IS NOT NULL OR p.household_id IS NOT NULL)"
    " GROUP BY GROUPING SETS ((p.person_id), (p.household_id)) HAVING sum(p.sign) > 0) x"
)
_GAVE = (
    "SELECT count(DISTINCT coalesce(m.merged_into_id, x.person, x.account)) FROM ("
    " SELECT p.person_id AS person, p.account_id AS account FROM ledger_part p WHERE {where} AND p.side = 'gave'"
    " AND p.organisation_id IS NULL GROUP BY p.person_id, p.account_id HAVING sum(p.sign) > 0) x"
)
_MERGES = (
    " LEFT JOIN people_person m ON m.community_id = %s AND m.id = x.person AND m.merged_into_id IS NOT NULL"
)
_GROUPS = {
    "kind": "kind__name", "send": "kind__send_name", "help": "kind__help_name", "organiser": "organiser__name",
    "grid": "grid__name", "place": "place", "source": "source",
}


def figures(viewer: Viewer, ask: Ask) -> list[Figure]:
    """The book's eight figures for an ask; refused where the viewer may not read the book. Three statements."""
    require_reader(viewer, ask.community)
    found = narrowed(records_for(viewer), ask)
    sums = found.aggregate(
        **{f"sum_{code}": Sum(column) for code, column in COLUMN.items()},
        **{f"rows_{code}": Sum("sign", filter=~Q(**{column: 0})) for code, column in COLUMN.items()},
    )
    distinct = _distinct(found, ask)
    as_of = ask.as_of or timezone.now()
    return [
        Figure(
            definition=one, value=distinct.get(one.code, sums[f"sum_{one.code}"] or 0),
            records=sums[f"rows_{one.code}"] or 0, since=ask.since, until=ask.until, as_of=as_of,
        )
        for one in BOOK
    ]


def _distinct(found: Any, ask: Ask) -> dict[str, int]:
    """Different people and households with more services written than taken back."""
    values: list[Any]
    where, values = "p.community_id = %s AND p.day BETWEEN %s AND %s", [ask.community, ask.since, ask.until]
    if not ask.is_plain:
        sql, more = found.order_by().values("pk").query.sql_with_params()
        where, values = f"{where} AND p.record_id IN ({sql})", [*values, *more]
    with connection.cursor() as cursor:
        cursor.execute(_GOT.format(where=where) + _MERGES, [*values, ask.community])
        persons, households = cursor.fetchone()
        cursor.execute(_GAVE.format(where=where) + _MERGES, [*values, ask.community])
        return {"persons": persons, "households": households, "servers": cursor.fetchone()[0]}


def definition_of(code: str) -> Definition:
    """A figure's definition. Raises NotFound."""
    found = next((one for one in BOOK if one.code == code), None)
    if found is None:
        raise NotFound("figure", "没有这个数字，请从台账首页选择。")
    return found


def records_behind(viewer: Viewer, ask: Ask, code: str, *, after: str = "", limit: int = PAGE) -> RecordPage:
    """One page of the records that a figure counts; all pages together have exactly its `records` rows."""
    require_reader(viewer, ask.community)
    column = COLUMN[definition_of(code).code]
    found = standing(narrowed(records_for(viewer), ask), ask).exclude(**{column: 0})
    return paged(found, after, limit)


def breakdown(viewer: Viewer, ask: Ask, by: str) -> list[dict[str, Any]]:
    """Sessions, attendances and minutes by kind, send, help, organiser, grid, place, source, brand or month.

    Rows `{"name", "sessions", "attendances", "minutes"}`, most sessions first (months in their order). A record with
    two brands stands in both rows. Distinct people do not add up over rows and are left out.
    """
    require_reader(viewer, ask.community)
    found = narrowed(records_for(viewer), ask).order_by()
    if by == "brand":
        found = found.annotate(name=_unnested())
    elif by == "month":
        found = found.annotate(name=TruncMonth("day"))
    elif by in _GROUPS:
        found = found.annotate(name=F(_GROUPS[by]))
    else:
        raise NotFound("breakdown", "不能按这个分类统计。")
    rows = found.values("name").annotate(
        sessions=Sum("sign"), attendances=Sum("got_heads"), minutes=Sum("gave_minutes"), written=Count("pk")
    )
    kept = [dict(row) for row in rows if row["sessions"] > 0]
    return sorted(kept, key=lambda row: row["name"] if by == "month" else -row["sessions"])


def _unnested() -> Any:
    return Func(F("brands"), function="unnest", output_field=CharField())


