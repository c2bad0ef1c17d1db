"""The API of the book: the second door to the same figures, lists and hand entry."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from fuhui.registry.ledger.actions import Served, ServedBy
from fuhui.registry.ledger.actions.by_hand import reverse_by_hand, write_by_hand
from fuhui.registry.ledger.queries.records import ServiceRecord, book
from fuhui.registry.ledger.registry import all_figures
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.registry.ledger.rules.service import Service
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer

router = Router(tags=["book"])
MOST_ROWS = 500


class GaveIn(Schema):
    """Who served: exactly one of the three."""

    person: UUID | None = None
    account: UUID | None = None
    organisation: UUID | None = None
    minutes: int | None = None
    heads: int = 1


class GotIn(Schema):
    """Who was served: a resident, a household, or a number of unnamed people."""

    person: UUID | None = None
    household: UUID | None = None
    heads: int = 1


class ServiceIn(Schema):
    """An act of service that no other room records."""

    community: UUID
    key: str = Field(..., description="made by the client; the same key and content again writes once")
    kind: str = Field(..., description="code of the catalogue, e.g. health.empty_nest")
    title: str
    occurred_at: datetime = Field(..., description="with a time zone")
    minutes: int
    served_by: list[GaveIn] = Field([], description="at least one")
    served: list[GotIn] = []
    organiser: UUID | None = None
    place: str = ""
    grid: UUID | None = None
    brands: list[str] = []


class ReverseIn(Schema):
    """Why a record is taken back."""

    reason: str


@router.get("/book/figures", url_name="book_figures")
def figures(request: HttpRequest, community: UUID, since: date, until: date, kind: str = "", brand: str = "",
            organiser: UUID | None = None, grid: UUID | None = None) -> dict[str, Any]:
    """Every registered figure of a period (both days inside) with the number of records behind it."""
    ask = Ask(community=community, since=since, until=until, kind=kind, brand=brand, organiser=organiser, grid=grid)
    return {"figures": [
        {"room": room.name, "code": one.definition.code, "name": one.definition.name, "value": one.value,
         "denominator": one.denominator, "unit": one.definition.unit, "definition": one.definition.words,
         "records": one.records, "as_of": one.as_of}
        for room, one in all_figures(_viewer(request), ask)
    ]}


@router.get("/book/records", url_name="book_records")
def records(request: HttpRequest, community: UUID, since: date, until: date, after: str = "",
            limit: int = 100) -> dict[str, Any]:
    """Standing records of a period, by keyset: pass `next` as `after`. Empty where none is the viewer's."""
    if not 1 <= limit <= MOST_ROWS:
        raise BadInput("bad_limit", f"limit 在 1 到 {MOST_ROWS} 之间。", field="limit")
    page = book(_viewer(request), Ask(community=community, since=since, until=until), after=after, limit=limit)
    return {"records": [_facts(row) for row in page.records], "next": page.after}


@router.post("/book/services", url_name="book_write")
def write(request: HttpRequest, service: ServiceIn) -> dict[str, Any]:
    """Writes an act of service by hand."""
    given: dict[str, Any] = service.dict()
    community = given.pop("community")
    given["served_by"] = [ServedBy(**one) for one in given["served_by"]]
    given["served"] = [Served(**one) for one in given["served"]]
    row = write_by_hand(by=_viewer(request), community=community, service=Service(source="hand", **given))
    return _facts(row)


@router.post("/book/records/{record_id}/reverse", url_name="book_reverse")
def reverse(request: HttpRequest, record_id: UUID, why: ReverseIn) -> dict[str, Any]:
    """Takes a record back; answers the reversing record."""
    return _facts(reverse_by_hand(by=_viewer(request), record_id=record_id, reason=why.reason))


def _facts(row: ServiceRecord) -> dict[str, Any]:
    return {
        "id": row.pk, "community": row.community_id, "kind": row.kind_code, "title": row.title, "place": row.place,
        "occurred_at": row.occurred_at, "minutes": row.minutes, "brands": row.brands, "organiser": row.organiser_id,
        "grid": row.grid_id, "attendances": row.got_heads, "servings": row.gave_heads,
        "person_minutes": row.gave_minutes, "source": row.source, "key": row.key, "reverses": row.reverses_id,
        "reason": row.reason, "recorded_at": row.recorded_at,
    }


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found
