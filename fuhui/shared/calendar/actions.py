"""Keeping the work-day table."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from fuhui.shared import audit
from fuhui.shared.calendar.models import Day, Year
from fuhui.shared.calendar.queries import forget_calendar, may_edit_calendar
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer

FIRST_YEAR, LAST_YEAR = 2000, 2199
LONGEST_HOLIDAY = 31
_SATURDAY = 5


@transaction.atomic
def set_days(*, by: Viewer, first: date, last: date, is_working: bool, name: str = "", source: str = "") -> int:
    """Makes every day from `first` to `last` a working day or a day off; returns how many of them now differ from a
    plain weekday or weekend. Raises BadInput for a span that is reversed, too long or outside 2000–2199."""
    may_edit_calendar(by).require()
    _check_span(first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    Day.objects.filter(date__in=days).delete()
    differing = [day for day in days if is_working != (day.weekday() < _SATURDAY)]
    Day.objects.bulk_create(
        Day(date=day, is_working=is_working, name=name.strip()[:30], source=source.strip()[:200]) for day in differing
    )
    _done("calendar.set_days", by, f"{first}~{last}", {"is_working": is_working, "name": name, "source": source})
    return len(differing)


def set_day(*, by: Viewer, day: date, is_working: bool, name: str = "", source: str = "") -> bool:
    """One day; True where it now differs from a plain weekday or weekend. See `set_days`."""
    return bool(set_days(by=by, first=day, last=day, is_working=is_working, name=name, source=source))


@transaction.atomic
def publish_year(*, by: Viewer, year: int, published: bool = True, source: str = "") -> None:
    """States that the days off of a year are complete (or, with `published` False, that they are not)."""
    may_edit_calendar(by).require()
    _check_span(date(year, 1, 1) if 1 <= year <= 9999 else date.min, date(LAST_YEAR, 12, 31), longest=None)
    Year.objects.update_or_create(year=year, defaults={"published": published, "source": source.strip()[:200]})
    _done("calendar.publish_year", by, str(year), {"published": published, "source": source})


def _check_span(first: date, last: date, longest: int | None = LONGEST_HOLIDAY) -> None:
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        raise BadInput("calendar.year", f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", field="first")
    if last < first:
        raise BadInput("calendar.order", "结束日期早于开始日期，请检查。", field="last")
    if longest and (last - first).days >= longest:
        raise BadInput("calendar.long", f"一次最多录入 {longest} 天，请分几次录入。", field="last")


def _done(action: str, by: Viewer, subject_id: str, data: dict[str, object]) -> None:
    audit.record(action, by=by, community_id=None, subject="calendar", subject_id=subject_id, data=data)
    forget_calendar()
    transaction.on_commit(forget_calendar)
