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

SPANS = {"month": "本月", "last": "上月", "year": "今年", "before": "去年"}
_TEXTS = ("kind", "send", "help", "brand", "place", "source")
NAMES = ("span", "from", "to", *_TEXTS, "organiser", "grid")


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
