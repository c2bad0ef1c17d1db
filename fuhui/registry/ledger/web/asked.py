"""What a page or the API asks of the book: a period and what narrows it, from the address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from fuhui.registry.ledger.rules.asking import Ask
from fuhui.registry.places.web.entry import day, key, text
from fuhui.shared.errors import BadInput
from fuhui.shared.ui.format import today
from fuhui.shared.ui.shapes import Chip, chip

SPANS = {"month": "本月", "last": "上月", "year": "今年", "before": "去年"}
_TEXTS = ("kind", "send", "help", "brand", "place", "source")
NAMES = ("span", "from", "to", *_TEXTS, "organiser", "grid")
_NO_DAYS: dict[str, object] = {"from": "", "to": ""}


def period(span: str, now: date) -> tuple[date, date]:
    """First and last day of a named span."""
    if span == "last":
        end = now.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    if span == "year":
        return now.replace(month=1, day=1), now
    if span == "before":
        return date(now.year - 1, 1, 1), date(now.year - 1, 12, 31)
    return now.replace(day=1), now


def asked(get: QueryDict, community: UUID) -> Ask:
    """The ask in a query; this month without one. Raises BadInput for days, ids or an order that cannot be."""
    since, until = period(get.get("span", ""), today())
    since, until = day(get, "from", "开始日期") or since, day(get, "to", "结束日期") or until
    if until < since:
        raise BadInput("period", "结束日期不能早于开始日期。", field="to")
    return Ask(
        community=community, since=since, until=until, organiser=key(get, "organiser", "组织"),
        grid=key(get, "grid", "网格"), **_texts(get),
    )


def _texts(get: QueryDict) -> dict[str, Any]:
    return {name: text(get, name, 100) for name in _TEXTS}


def query(get: QueryDict, **more: object) -> str:
    """The query with what narrows it and the given changes; '' values are left out."""
    kept = {name: get.get(name, "") for name in NAMES} | {name: str(value) for name, value in more.items()}
    return urlencode({name: value for name, value in kept.items() if value})


def span_chips(get: QueryDict, **more: object) -> list[Chip]:
    """The named periods as chips; the one that is asked is on."""
    free = not get.get("from") and not get.get("to")
    return [
        chip(name, f"?{query(get, span=span, **_NO_DAYS, **more)}", on=free and (get.get("span") or "month") == span)
        for span, name in SPANS.items()
    ]


def period_words(ask: Ask) -> str:
    """The asked days: `2021年1月1日 至 12月31日`, with the second year where it is another; one day alone."""
    since, until = ask.since, ask.until
    first, last = f"{since.year}年{since.month}月{since.day}日", f"{until.month}月{until.day}日"
    if since == until:
        return first
    return f"{first} 至 {last if since.year == until.year else f'{until.year}年{last}'}"


def hours(minutes: int) -> tuple[str, str]:
    """Minutes as a large number and what stands small behind it: `1,013` and `小时 20 分钟`."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return f"{rest}", "分钟"
    return f"{whole:,}", f"小时 {rest} 分钟" if rest else "小时"
