"""工作日表: the year's days off and make-up days, what a community adds to them, and the forms that keep both."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fuhui.shared.calendar.actions import FIRST_YEAR, LAST_YEAR, drop_own_day, publish_year, set_days, set_own_days
from fuhui.shared.calendar.queries import (
    DayRow,
    days_of_year,
    may_edit_calendar,
    may_edit_own_days,
    own_days_of,
    published_years,
    source_of_year,
    warnings_for,
)
from fuhui.shared.calendar.rules import day_words
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.ui.shapes import chip, option
from fuhui.shared.viewers import Role, Viewer

COLUMNS = ["日期", "安排", "节日", "依据"]
_KINDS = {"off": "放假", "work": "调休上班"}
_OWN_KINDS = {"off": "不上班", "work": "补班"}


@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """One year of the table, which everybody may see; the community's own days for those who see the community."""
    return _page(request, _year(request.GET.get("year", "")))


@require_POST
def enter_days(request: HttpRequest) -> HttpResponse:
    """Enters a holiday or make-up days. With an error the form comes back as it was filled in."""
    may_edit_calendar(_viewer(request)).require()
    values = _sent(request)
    try:
        first, last, is_working = _span(values, _KINDS)
        set_days(by=_viewer(request), first=first, last=last, is_working=is_working,
                 name=values["name"], source=values["source"])
    except BadInput as error:
        return _page(request, timezone.localdate().year, values, _errors(error), status=422)
    messages.success(request, f"已录入 {day_words(first)} 至 {day_words(last)}：{_KINDS[values['kind']]}。")
    return redirect(_address(first.year))


@require_POST
def enter_own_days(request: HttpRequest) -> HttpResponse:
    """A community is closed on days, or works to make up for one. An error brings the form back as it was."""
    community_id, values = _community(request), _sent(request)
    if community_id is None:
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    may_edit_own_days(_viewer(request), community_id).require()
    try:
        first, last, is_working = _span(values, _OWN_KINDS)
        differing = set_own_days(by=_viewer(request), community_id=community_id, first=first, last=last,
                                 is_working=is_working, name=values["name"])
    except BadInput as error:
        shown = timezone.localdate().year
        return _page(request, shown, own_values=values, own_errors=_errors(error), status=422)
    said = f"本社区有 {differing} 天与全国不同" if differing else "与全国工作日表相同，不另记"
    messages.success(request, f"已录入 {day_words(first)} 至 {day_words(last)}：{said}。已经定好的期限不变。")
    return redirect(_address(first.year, community_id))


@require_POST
def drop_own(request: HttpRequest) -> HttpResponse:
    """Takes one of a community's own days back."""
    community_id = _community(request)
    if community_id is None:
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    may_edit_own_days(_viewer(request), community_id).require()
    day = _date(request.POST.get("day", ""), "day")
    drop_own_day(by=_viewer(request), community_id=community_id, day=day)
    messages.success(request, f"已撤销 {day_words(day)} 的本社区安排，这一天按全国工作日表。")
    return redirect(_address(day.year, community_id))


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
    *, own_values: dict[str, str] | None = None, own_errors: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:
    community_id = _community(request)
    known = published_years()
    now = timezone.now()
    return render(request, "work_days/year.html", {
        "year": chosen, "rows": _lines(days_of_year(chosen)), "columns": COLUMNS, "published": chosen in known,
        "source": source_of_year(chosen), "chips": _chips(chosen, known, _asked(request)),
        "warnings": warnings_for(now),
        "edit": may_edit_calendar(_viewer(request)), "values": values or {}, "errors": errors or {},
        "kinds": [option(value, label) for value, label in _KINDS.items()], "community": community_id or "",
        **(_own(_viewer(request), community_id, chosen) if community_id else {}),
        "own_values": own_values or {}, "own_errors": own_errors or {},
    }, status=status)


def _own(viewer: Viewer, community_id: UUID, chosen: int) -> dict[str, Any]:
    """The community's own days of the year and whether the viewer keeps them."""
    days = own_days_of(viewer, community_id, chosen)
    return {
        "own_days": [{"date": one.date.isoformat(), "words": day_words(one.date), "name": one.name,
                      "kind": _OWN_KINDS["work" if one.is_working else "off"]} for one in days],
        "own_edit": may_edit_own_days(viewer, community_id),
        "own_kinds": [option(value, label) for value, label in _OWN_KINDS.items()],
    }


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


def _chips(chosen: int, known: frozenset[int], community_id: UUID | None) -> list[object]:
    now = timezone.localdate().year
    shown = sorted({now - 1, now, now + 1, chosen})
    words = {one: f"{one}年" + ("" if one in known else "（未录入）") for one in shown}
    return [chip(words[one], _address(one, community_id), on=one == chosen) for one in shown]


def _address(chosen: int, community_id: UUID | None = None) -> str:
    return f"{reverse('calendar:year')}?year={chosen}" + (f"&community={community_id}" if community_id else "")


def _asked(request: HttpRequest) -> UUID | None:
    """The community named in the address or the form; None where there is none. Raises NotFound for nonsense."""
    text = request.POST.get("community") or request.GET.get("community")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。") from error


def _community(request: HttpRequest) -> UUID | None:
    """The community whose own days are meant: the one asked for, else the viewer's only one or the one they lead.

    Raises NotFound for one out of sight.
    """
    viewer, asked = _viewer(request), _asked(request)
    if asked and not viewer.sees(asked):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    led = [one for one in viewer.communities if viewer.has(Role.SECRETARY, community_id=one)]
    only = list(viewer.communities) if len(viewer.communities) == 1 else []
    return asked or next(iter(led or only), None)


def _sent(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in ("first", "last", "kind", "name", "source")}


def _span(values: dict[str, str], kinds: dict[str, str]) -> tuple[date, date, bool]:
    first = _date(values["first"], "first")
    last = _date(values["last"], "last") if values["last"] else first
    if values["kind"] not in kinds:
        raise BadInput("calendar.kind", f"请选择{'还是'.join(kinds.values())}。", field="kind")
    return first, last, values["kind"] == "work"


def _errors(error: BadInput) -> dict[str, str]:
    return {str(error.details.get("field", "")): error.message}


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
