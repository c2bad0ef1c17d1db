"""工作日表: the year's days off and make-up days, and the forms that keep them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fuhui.shared.calendar.actions import FIRST_YEAR, LAST_YEAR, publish_year, set_days
from fuhui.shared.calendar.queries import (
    DayRow,
    days_of_year,
    may_edit_calendar,
    published_years,
    source_of_year,
    warnings_for,
)
from fuhui.shared.calendar.rules import day_words
from fuhui.shared.errors import BadInput
from fuhui.shared.ui.shapes import chip, option
from fuhui.shared.viewers import Viewer

COLUMNS = ["日期", "安排", "节日", "依据"]
_KINDS = {"off": "放假", "work": "调休上班"}


@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """One year of the table; everybody may look, secretaries and operators get the forms."""
    return _page(request, _year(request.GET.get("year", "")))


@require_POST
def enter_days(request: HttpRequest) -> HttpResponse:
    """Enters a holiday or make-up days. With an error the form comes back as it was filled in."""
    may_edit_calendar(_viewer(request)).require()
    values = {name: request.POST.get(name, "").strip() for name in ("first", "last", "kind", "name", "source")}
    try:
        first = _date(values["first"], "first")
        last = _date(values["last"], "last") if values["last"] else first
        if values["kind"] not in _KINDS:
            raise BadInput("calendar.kind", "请选择放假还是调休上班。", field="kind")
        set_days(by=_viewer(request), first=first, last=last, is_working=values["kind"] == "work",
                 name=values["name"], source=values["source"])
    except BadInput as error:
        errors = {str(error.details.get("field", "")): error.message}
        return _page(request, timezone.localdate().year, values, errors, status=422)
    messages.success(request, f"已录入 {day_words(first)} 至 {day_words(last)}：{_KINDS[values['kind']]}。")
    return redirect(_address(first.year))


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """States that a year is complete, or takes that back."""
    chosen = _year(request.POST.get("year", ""))
    published = request.POST.get("published") == "yes"
    publish_year(by=_viewer(request), year=chosen, published=published, source=request.POST.get("source", ""))
    messages.success(request, f"{chosen}年已标为{'录入完成' if published else '尚未录入'}。")
    return redirect(_address(chosen))


def _page(
    request: HttpRequest, chosen: int, values: dict[str, str] | None = None, errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    known = published_years()
    now = timezone.now()
    return render(request, "work_days/year.html", {
        "year": chosen, "rows": _lines(days_of_year(chosen)), "columns": COLUMNS, "published": chosen in known,
        "source": source_of_year(chosen), "chips": _chips(chosen, known), "warnings": warnings_for(now),
        "edit": may_edit_calendar(_viewer(request)), "values": values or {}, "errors": errors or {},
        "kinds": [option(value, label) for value, label in _KINDS.items()],
    }, status=status)


def _lines(days: list[DayRow]) -> list[list[str]]:
    """Days that follow each other and are alike become one line."""
    numbered = groupby(enumerate(days), key=lambda pair: (pair[1].date - timedelta(days=pair[0]), _alike(pair[1])))
    return [_line([row for _, row in run]) for _, run in numbered]


def _alike(row: DayRow) -> tuple[bool, str, str]:
    return row.is_working, row.name, row.source


def _line(run: list[DayRow]) -> list[str]:
    first, last = run[0], run[-1]
    span = day_words(first.date) + (f" 至 {day_words(last.date)}" if len(run) > 1 else "")
    return [span, "调休上班" if first.is_working else "放假", first.name, first.source]


def _chips(chosen: int, known: frozenset[int]) -> list[object]:
    now = timezone.localdate().year
    shown = sorted({now - 1, now, now + 1, chosen})
    return [chip(f"{one}年" + ("" if one in known else "（未录入）"), _address(one), on=one == chosen) for one in shown]


def _address(chosen: int) -> str:
    return f"{reverse('calendar:year')}?year={chosen}"


def _year(text: str) -> int:
    if not text:
        return timezone.localdate().year
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise BadInput("calendar.year", f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", field="year")
    return int(text)


def _date(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("calendar.date", "请填写日期，例如 2027-01-01。", field=field) from error


def _viewer(request: HttpRequest) -> Viewer:
    return cast("Viewer", request.viewer)  # type: ignore[attr-defined]
