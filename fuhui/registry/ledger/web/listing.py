"""The book: its figures, its list, the list behind a figure, the workbook, and a person's own services."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.ledger.actions.exporting import export_book
from fuhui.registry.ledger.joins import BOOK_FIGURES, record_row
from fuhui.registry.ledger.permissions import may_read_book, may_write_by_hand
from fuhui.registry.ledger.queries import figures as numbers
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.ledger.queries.persons import person_minutes
from fuhui.registry.ledger.queries.records import book as records_of
from fuhui.registry.ledger.queries.records import own_records, paged, reversed_among
from fuhui.registry.ledger.registry import FigureRoom, all_figures, figure_room
from fuhui.registry.ledger.rules.asking import Ask, Figure
from fuhui.registry.ledger.web.asked import asked, hours, period_words, query, span_chips
from fuhui.registry.organisations.queries import organisations_for
from fuhui.registry.places.queries import grids_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import signed_in, viewer_of
from fuhui.shared.ui.format import minutes_words, when
from fuhui.shared.ui.shapes import Stat, stat

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EVERY, BOOK = "1", BOOK_FIGURES.name


@signed_in
def book(request: HttpRequest) -> HttpResponse:
    """Figures of the period, and the records below them."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_read_book(viewer, community.id).require()
    ask, get = asked(request.GET, community.id), request.GET
    every = get.get("all") == _EVERY
    page = records_of(viewer, ask, with_reversed=every, after=get.get("after", ""))
    taken = reversed_among(viewer, community.id, page.records)
    stats = [(room.name, _stat(room, one, get)) for room, one in all_figures(viewer, ask)]
    return render(request, "ledger/book.html", {
        "community": community, "period": period_words(ask), "every": every,
        "stats": [one for room, one in stats if room == BOOK], "of_rooms": [one for room, one in stats if room != BOOK],
        "chips": span_chips(get),
        "rows": [record_row(one, reversed_ids=taken) for one in page.records],
        "next": f"?{query(get, after=page.after, all=_EVERY if every else '')}" if page.after else "",
        "toggle": f"?{query(get, all='' if every else _EVERY)}", "query": query(get),
        "write": may_write_by_hand(viewer, community.id), "values": get, "is_narrowed": not ask.is_plain,
        **_choices(request, ask),
    })


def _choices(request: HttpRequest, ask: Ask) -> dict[str, Any]:
    viewer = viewer_of(request)
    found = catalogue_for(viewer, ask.community)
    return {
        "kinds": [(kind.code, kind.name) for kind in found.kinds],
        "organisers": [(str(one.id), one.name) for one in organisations_for(viewer, ask.community)],
        "grids": [(str(one.id), one.name) for one in grids_for(viewer, ask.community)],
        "by_kind": [
            [row["name"] or "未分类", row["sessions"]] for row in numbers.breakdown(viewer, ask, "kind")[:12]
        ],
        "kind_columns": ["服务项目", "场次"],
    }


def _stat(room: FigureRoom, figure: Figure, get: Any) -> Stat:
    what = figure.definition
    value, unit = hours(figure.value) if what.unit == "分钟" else (f"{figure.value:,}", what.unit)
    if figure.denominator is not None:
        value = f"{value} / {figure.denominator:,}"
    return stat(
        what.name, value, unit=unit, sub=f"{figure.records:,} 条记录", definition=what.words,
        href=f"{reverse('ledger:behind', args=[room.name, what.code])}?{query(get)}",
    )


@signed_in
def behind(request: HttpRequest, room: str, code: str) -> HttpResponse:
    """The list that a figure counts, a page at a time; the figure stands above it."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_read_book(viewer, community.id).require()
    ask, found = asked(request.GET, community.id), figure_room(room)
    page = found.rows(viewer, ask, code, request.GET.get("after", ""), 50)
    figure = next((one for one in found.measure(viewer, ask) if one.definition.code == code), None)
    return render(request, "ledger/behind.html", {
        "figure": figure, "stat": _stat(found, figure, request.GET) if figure else None, "period": period_words(ask),
        "as_of": when(figure.as_of) if figure else "", "rows": page.rows,
        "next": f"?{query(request.GET, after=page.after)}" if page.after else "",
        "back": f"{reverse('ledger:book')}?{query(request.GET)}",
    })


@require_POST
@signed_in
def export(request: HttpRequest) -> HttpResponse:
    """The ask of the address as a workbook."""
    ask = asked(request.GET, chosen_community(request).id)
    answer = HttpResponse(export_book(by=viewer_of(request), ask=ask), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="book-{ask.since:%Y%m%d}-{ask.until:%Y%m%d}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What the signed-in person gave and got."""
    viewer, community = viewer_of(request), chosen_community(request)
    page = paged(own_records(viewer, community.id), request.GET.get("after", ""))
    whos = [who for who in (viewer.person_id, viewer.account_id) if who]
    served = sum(person_minutes(viewer, community.id, who) for who in whos)
    return render(request, "ledger/mine.html", {
        "rows": [record_row(one) for one in page.records], "next": f"?after={page.after}" if page.after else "",
        "served": served, "minutes": minutes_words(served),
    })
