"""Work days and deadlines, in pure Python: which time counts, when something is due, and why.

All reckoning is in whole minutes on Shanghai's clock, which has no summer time: a start, pause or end is taken
at the minute it lies in. Times without a zone are taken as Shanghai's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
Periods = tuple[tuple[time, time], ...]
Pause = tuple[datetime, datetime | None]
Clock = Literal["working", "continuous"]

USUAL_PERIODS: Periods = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
LONGEST_DAYS = 3660
_WEEKDAYS = "一二三四五六日"
_ONE_DAY = timedelta(days=1)
_FRIDAY = 4
_Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class WorkCalendar:
    """Days that differ from plain weekdays and weekends, and the years for which they have been published.

    `names` says why a day differs ("元旦"). A year that is not published counts by plain weekends. `own` are the days
    that a community has set for itself on top of the national ones.
    """

    days: Mapping[date, bool]
    published_years: frozenset[int]
    names: Mapping[date, str] = field(default_factory=dict)
    own: frozenset[date] = frozenset()

    def with_own(self, days: Mapping[date, tuple[bool, str]]) -> WorkCalendar:
        """This calendar with a community's own days (working or not, and why) laid over it."""
        working = {day: is_working for day, (is_working, _) in days.items()}
        names = {day: name for day, (_, name) in days.items()}
        return replace(self, days={**self.days, **working}, names={**self.names, **names}, own=frozenset(days))

    def is_working(self, day: date) -> bool:
        """True for a working day, make-up days (调休) included."""
        found = self.days.get(day)
        return day.weekday() <= _FRIDAY if found is None else found

    def reason(self, day: date) -> str:
        """Why a day counts or not, in words; empty for a plain weekday."""
        if day in self.own:
            return f"本社区另定{'上班' if self.is_working(day) else '不上班，不计'}（{self.names.get(day, '')}）"
        if self.is_working(day):
            return "调休上班" if day.weekday() > _FRIDAY else ""
        name = self.names.get(day, "")
        return f"{name}假期不计" if name else ("周末不计" if day.weekday() > _FRIDAY else "放假不计")

    def warnings(self, first: date, last: date) -> tuple[str, ...]:
        """One sentence for each year from `first` to `last` whose days off are not published yet."""
        years = range(first.year, last.year + 1)
        return tuple(
            f"{year}年放假安排未录入，按普通周末推算" for year in years if year not in self.published_years
        )


@dataclass(frozen=True)
class Stretch:
    """A piece of the way to the due time; `minutes_counted` is 0 where it does not count."""

    begin: datetime
    end: datetime
    minutes_counted: int
    why_zh: str


@dataclass(frozen=True)
class Reckoning:
    """When it is due, how that came about, and what to be careful with."""

    due: datetime
    timeline: tuple[Stretch, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Clockwork:
    """What counts: the kind of clock, the calendar, the working periods and the closed pauses, merged."""

    clock: Clock
    calendar: WorkCalendar
    periods: Periods
    pauses: tuple[_Span, ...]

    def spans(self, day: date) -> list[_Span]:
        """The counting spans of a day, before pauses."""
        midnight = datetime.combine(day, time(), ZONE)
        if self.clock == "continuous":
            return [(midnight, midnight + _ONE_DAY)]
        if not self.calendar.is_working(day):
            return []
        return [(datetime.combine(day, a, ZONE), datetime.combine(day, b, ZONE)) for a, b in self.periods]

    def pieces(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
        """The span cut at pauses; True marks a paused piece. Nothing for a span that ends before it begins."""
        for start, stop in self.pauses if begin < end else ():
            if stop <= begin or start >= end:
                continue
            if begin < start:
                yield begin, start, False
            yield max(begin, start), min(end, stop), True
            begin = min(end, stop)
        if begin < end:
            yield begin, end, False

    @cached_property
    def daily_minutes(self) -> int:
        """Working minutes of a working day."""
        any_day = date(2026, 3, 2)
        return sum(_minutes(datetime.combine(any_day, a), datetime.combine(any_day, b)) for a, b in self.periods)


def reckon(
    start: datetime, minutes: int, *, clock: Clock | str, calendar: WorkCalendar, periods: Periods,
    pauses: Sequence[Pause] = (),
) -> Reckoning:
    """The moment when `minutes` have been counted from `start`, stretch by stretch.

    The working clock counts inside the periods of working days, the continuous clock always; neither counts
    during pauses. Zero minutes are due at the first moment that counts. A pause that is still open cannot be
    reckoned with: it is left out, with a warning. Raises ValueError for a negative number, for periods that
    are empty or overlap, and where ten years do not suffice.
    """
    work = _clockwork(clock, calendar, periods, pauses)
    if minutes < 0:
        raise ValueError("minutes must not be negative")
    begin = _minute(start)
    timeline: list[Stretch] = []
    left, due = minutes, None
    for stretch in _stretches(begin, work):
        if stretch.minutes_counted >= left and _counts(stretch):
            due = stretch.begin + timedelta(minutes=left)
            timeline.append(_counted(stretch.begin, due, calendar, work.clock))
            break
        left -= stretch.minutes_counted
        timeline.append(stretch)
    if due is None:
        raise ValueError("no end within ten years: check calendar and periods")
    return Reckoning(due, tuple(timeline), _warnings(begin, due, work, pauses))


def reckon_days(
    start: datetime, days: int, *, calendar: WorkCalendar, periods: Periods, pauses: Sequence[Pause] = (),
) -> Reckoning:
    """The end of working time of the `days`-th working day after the day received.

    The day of receipt is not counted. What comes in after working time or on a day off counts as received on
    the next working day. A working day counts unless half of its working minutes or more were paused. Zero days:
    the end of the day received. Errors and open pauses as in `reckon`.
    """
    work = _clockwork("working", calendar, periods, pauses)
    if days < 0:
        raise ValueError("days must not be negative")
    begin = _minute(start)
    timeline, received = _received(begin, work)
    due, left, day = work.spans(received)[-1][1], days, received
    while left:
        day += _ONE_DAY
        if (day - received).days > LONGEST_DAYS:
            raise ValueError("no end within ten years: check calendar and periods")
        stretch = _day_stretch(day, days - left + 1, work)
        if stretch.minutes_counted:
            left, due = left - 1, stretch.end
        timeline.append(stretch)
    return Reckoning(due, tuple(timeline), _warnings(begin, due, work, pauses))


def minutes_between(
    start: datetime, end: datetime, *, clock: Clock | str, calendar: WorkCalendar, periods: Periods,
    pauses: Sequence[Pause] = (),
) -> int:
    """How many minutes counted from `start` to `end`; 0 where the end is not later. An open pause lasts to the end."""
    begin, stop = _minute(start), _minute(end)
    closed = [(a, b if b is not None else max(a, stop)) for a, b in pauses]
    work = _clockwork(clock, calendar, periods, closed)
    counted, day = 0, begin.date()
    while day <= stop.date():
        for a, b in work.spans(day):
            counted += sum(_minutes(x, y) for x, y, paused in work.pieces(max(a, begin), min(b, stop)) if not paused)
        day += _ONE_DAY
    return counted


def day_words(day: date) -> str:
    """`3月2日 周一`."""
    return f"{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"


def _clockwork(clock: Clock | str, calendar: WorkCalendar, periods: Periods, pauses: Sequence[Pause]) -> _Clockwork:
    if clock not in ("working", "continuous"):
        raise ValueError(f"unknown clock {clock!r}")
    times = [moment for period in periods for moment in period]
    if not times or any(later <= earlier for earlier, later in pairwise(times)):
        raise ValueError("periods must be given in order and must not overlap")
    kind: Clock = "working" if clock == "working" else "continuous"
    return _Clockwork(kind, calendar, periods, tuple(_merged(pauses)))


def _merged(pauses: Sequence[Pause]) -> Iterator[_Span]:
    closed = sorted((_minute(a), _minute(b)) for a, b in pauses if b is not None)
    held: _Span | None = None
    for begin, end in closed:
        if held and begin <= held[1]:
            held = held[0], max(end, held[1])
            continue
        if held:
            yield held
        held = begin, end
    if held:
        yield held


def _stretches(begin: datetime, work: _Clockwork) -> Iterator[Stretch]:
    """Everything worth telling from `begin` on: counting pieces, pauses, and days that do not count."""
    day = begin.date()
    for _ in range(LONGEST_DAYS):
        spans = work.spans(day)
        if not spans:
            yield _off_day(max(begin, datetime.combine(day, time(), ZONE)), work.calendar)
        for a, b in spans:
            for x, y, paused in work.pieces(max(a, begin), b):
                yield _paused(x, y) if paused else _counted(x, y, work.calendar, work.clock)
        day += _ONE_DAY


def _counts(stretch: Stretch) -> bool:
    return stretch.minutes_counted > 0


def _counted(begin: datetime, end: datetime, calendar: WorkCalendar, clock: Clock) -> Stretch:
    minutes = _minutes(begin, end)
    reason = calendar.reason(begin.date()) if clock == "working" else ""
    return Stretch(begin, end, minutes, f"{_span_words(begin, end, reason)} 计 {minutes} 分钟")


def _paused(begin: datetime, end: datetime) -> Stretch:
    return Stretch(begin, end, 0, f"{_span_words(begin, end)} 暂停，不计")


def _off_day(begin: datetime, calendar: WorkCalendar) -> Stretch:
    day = begin.date()
    end = datetime.combine(day + _ONE_DAY, time(), ZONE)
    return Stretch(begin, end, 0, f"{day_words(day)} {calendar.reason(day)}")


def _received(begin: datetime, work: _Clockwork) -> tuple[list[Stretch], date]:
    """The way to the day of receipt, and that day."""
    told: list[Stretch] = []
    day = begin.date()
    for _ in range(LONGEST_DAYS):
        spans = work.spans(day)
        if spans and begin < spans[-1][1]:
            told.append(Stretch(max(begin, spans[0][0]), spans[-1][1], 0, f"{day_words(day)} 收到，当天不计"))
            return told, day
        if spans:
            told.append(Stretch(begin, begin, 0, f"{_span_words(begin, begin)} 下班后收到，算下一个工作日收到"))
        else:
            told.append(_off_day(max(begin, datetime.combine(day, time(), ZONE)), work.calendar))
        day += _ONE_DAY
    raise ValueError("no working day within ten years: check the calendar")


def _day_stretch(day: date, number: int, work: _Clockwork) -> Stretch:
    spans = work.spans(day)
    if not spans:
        return _off_day(datetime.combine(day, time(), ZONE), work.calendar)
    paused = sum(_minutes(x, y) for a, b in spans for x, y, is_paused in work.pieces(a, b) if is_paused)
    begin, end = spans[0][0], spans[-1][1]
    if paused * 2 >= work.daily_minutes:
        return Stretch(begin, end, 0, f"{day_words(day)} 暂停，不计")
    reason = work.calendar.reason(day)
    why = f"{day_words(day)} {reason and reason + '，'}第 {number} 个工作日"
    return Stretch(begin, end, work.daily_minutes, why)


def _warnings(begin: datetime, due: datetime, work: _Clockwork, pauses: Sequence[Pause]) -> tuple[str, ...]:
    unpublished = work.calendar.warnings(begin.date(), due.date()) if work.clock == "working" else ()
    is_open = any(end is None for _, end in pauses)
    return (*unpublished, *(("现在暂停计时，恢复后重新推算",) if is_open else ()))


def _span_words(begin: datetime, end: datetime, reason: str = "") -> str:
    until = "24:00" if end.date() > begin.date() else f"{end:%H:%M}"
    between = f" {reason}" if reason else ""
    return f"{day_words(begin.date())}{between} {begin:%H:%M}" + (f"–{until}" if end > begin else "")


def _minute(moment: datetime) -> datetime:
    there = moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE)
    return there.replace(second=0, microsecond=0)


def _minutes(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds()) // 60
