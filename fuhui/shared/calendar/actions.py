"""Keeping the work-day table."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from fuhui.shared import audit
from fuhui.shared.calendar.models import Day, OwnDay, Year
from fuhui.shared.calendar.queries import forget_calendar, load_calendar, may_edit_calendar, may_edit_own_days
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.rows import take_turn
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
    take_turn("calendar")  # two who came to the one stamp from different days would wait in a circle
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


@transaction.atomic
def set_own_days(
    *, by: Viewer, community_id: UUID, first: date, last: date, is_working: bool, name: str
) -> int:
    """What one community does otherwise than the country from `first` to `last`: closed, or working to make up for it.

    Returns how many of the days now differ from the national table; for the others an earlier own entry is taken
    back. Deadlines already promised stay; those reckoned from now on count it. Raises BadInput for a span as in
    `set_days` and for a missing reason, RuleBroken where somebody else enters the same days at this moment.
    """
    _require_sight(by, community_id)
    may_edit_own_days(by, community_id).require()
    _check_span(first, last)
    if not name.strip():
        raise BadInput("calendar.reason", "请写明原因，例如“停电检修”，它会写在期限的说明里。", field="name")
    take_turn("calendar")
    national = load_calendar()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    OwnDay.objects.filter(community_id=community_id, date__in=days).delete()
    differing = [day for day in days if is_working != national.is_working(day)]
    try:
        with transaction.atomic():
            OwnDay.objects.bulk_create(
                OwnDay(community_id=community_id, date=day, is_working=is_working, name=name.strip()[:30])
                for day in differing
            )
    except IntegrityError as error:
        raise RuleBroken("calendar.at_once", "同事刚刚录入了同一天的安排，请刷新后看看是否还要改。") from error
    data: dict[str, object] = {"is_working": is_working, "name": name.strip()[:30], "differing": len(differing)}
    _done("calendar.set_own_days", by, f"{first}~{last}", data, community_id)
    return len(differing)


@transaction.atomic
def drop_own_day(*, by: Viewer, community_id: UUID, day: date) -> None:
    """The community works on this day as the country does again. Raises NotFound where it already did."""
    _require_sight(by, community_id)
    may_edit_own_days(by, community_id).require()
    take_turn("calendar")
    gone, _ = OwnDay.objects.filter(community_id=community_id, date=day).delete()
    if not gone:
        raise NotFound("calendar.own_day", "这一天没有本社区的安排，可能刚刚被撤销，请刷新。")
    _done("calendar.drop_own_day", by, str(day), {}, community_id)


def _require_sight(by: Viewer, community_id: UUID) -> None:
    if not by.sees(community_id):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")


def _check_span(first: date, last: date, longest: int | None = LONGEST_HOLIDAY) -> None:
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        raise BadInput("calendar.year", f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", field="first")
    if last < first:
        raise BadInput("calendar.order", "结束日期早于开始日期，请检查。", field="last")
    if longest and (last - first).days >= longest:
        raise BadInput("calendar.long", f"一次最多录入 {longest} 天，请分几次录入。", field="last")


def _done(
    action: str, by: Viewer, subject_id: str, data: dict[str, object], community_id: UUID | None = None
) -> None:
    audit.record(action, by=by, community_id=community_id, subject="calendar", subject_id=subject_id, data=data)
    forget_calendar()
    transaction.on_commit(forget_calendar)
