"""Words for people: moments, days, time left, counts and phones. Pure functions without Django's localisation."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Tone = Literal["neutral", "accent", "soon", "late", "done"]

ZONE = ZoneInfo("Asia/Shanghai")
SOON = timedelta(hours=4)

_WEEKDAYS = "一二三四五六日"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_KEPT_FRONT, _KEPT_BACK = 3, 4


class ClockLeft(NamedTuple):
    """Time left in words and its tone: `late` past the date, `soon` just before it, else `neutral`."""

    words: str
    tone: Tone


def local(moment: datetime) -> datetime:
    """The moment on Shanghai's clock; a moment without zone is taken as Shanghai's already."""
    return moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE)


def today(now: datetime | None = None) -> date:
    """The day in Shanghai."""
    return (local(now) if now else datetime.now(ZONE)).date()


def day(value: date | datetime | None, now: datetime | None = None) -> str:
    """`3月2日 周一`, with the year in front when it is not this year; empty for None."""
    if value is None:
        return ""
    there = local(value).date() if isinstance(value, datetime) else value
    year = "" if there.year == today(now).year else f"{there.year}年"
    return f"{year}{there.month}月{there.day}日 周{_WEEKDAYS[there.weekday()]}"


def when(moment: datetime | None, now: datetime | None = None) -> str:
    """`3月2日 周一 09:30` on Shanghai's clock, with the year when it is not this year; empty for None."""
    if moment is None:
        return ""
    there = local(moment)
    return f"{day(there, now)} {there.hour:02d}:{there.minute:02d}"


def clock(moment: datetime | None) -> str:
    """`09:30` on Shanghai's clock; empty for None."""
    if moment is None:
        return ""
    there = local(moment)
    return f"{there.hour:02d}:{there.minute:02d}"


def clock_left(due: datetime | None, now: datetime, soon: timedelta = SOON) -> ClockLeft:
    """`还剩 2 小时` or `已超 3 小时` with the tone; nothing for None. Rounded down, never below one minute."""
    if due is None:
        return ClockLeft("", "neutral")
    left = due - now
    if left < timedelta(0):
        return ClockLeft(f"已超 {_span(-left)}", "late")
    return ClockLeft(f"还剩 {_span(left)}", "soon" if left <= soon else "neutral")


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    if seconds < _HOUR:
        return f"{max(1, seconds // _MINUTE)} 分钟"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} 小时"
    return f"{seconds // _DAY} 天"


def ago(moment: datetime, now: datetime) -> str:
    """`刚刚`, `12 分钟前`, `3 小时前`, and after a day the moment itself."""
    seconds = int((now - moment).total_seconds())
    if seconds < _MINUTE:
        return "刚刚"
    return f"{_span(now - moment)}前" if seconds < _DAY else when(moment, now)


def minutes_words(minutes: int) -> str:
    """`2 小时 15 分钟`; `0 分钟` for nothing, a minus sign in front for a correction."""
    sign, (hours, rest) = ("-" if minutes < 0 else ""), divmod(abs(minutes), 60)
    parts = [f"{hours} 小时"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} 分钟")
    return sign + " ".join(parts)


def mask_name(name: str) -> str:
    """`王*兰`, `王*`: the first character, and the last of three and more, as public lists show names."""
    tidy = name.strip()
    return f"{tidy[:1]}*{tidy[-1] if len(tidy) > 2 else ''}" if len(tidy) > 1 else "*"


def mask_phone(phone: str) -> str:
    """`199****0001`; of a shorter number only the last two figures stay, of fewer than five none."""
    figures = re.sub(r"\D", "", phone)
    if len(figures) >= _KEPT_FRONT + _KEPT_BACK + 3:
        return f"{figures[:_KEPT_FRONT]}****{figures[-_KEPT_BACK:]}"
    return f"****{figures[-2:]}" if len(figures) > _KEPT_BACK else "*" * len(figures)


def count_words(number: int, unit: str = "") -> str:
    """`12,345 件`: exact, with separators."""
    return f"{number:,} {unit}" if unit else f"{number:,}"
