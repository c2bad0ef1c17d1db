"""How a date was reckoned, hour by hour, out of what was stored with the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.utils.safestring import SafeString, mark_safe

from fuhui.shared.ui.format import clock, day, local, minutes_words, when
from fuhui.shared.ui.rows import said

_PACES = {"continuous": "连续计时，节假日和夜间也算", "working": "只算工作时间"}
_MOST_LINES = 60


class Explained(TypedDict):
    """One date with its reckoning."""

    title: str
    due: str
    limit: str
    lines: SafeString
    total: str
    warnings: list[str]


def explained(reckoning: Mapping[str, Any]) -> list[Explained]:
    """First reply and close; empty where nothing was stored."""
    return [
        _one(reckoning, key, title) for key, title in (("reply", "首次答复"), ("close", "办结")) if reckoning.get(key)
    ]


def extension_words(reckoning: Mapping[str, Any]) -> str:
    """The extension that moved the close, in one sentence; empty without one."""
    longer = reckoning.get("extension")
    if not longer:
        return ""
    return f"经同意延长 {longer['days']} 个工作日，新的办结期限 {when(datetime.fromisoformat(longer['due']))}。"


def warnings_in(reckoning: Mapping[str, Any]) -> list[str]:
    """What a person should know about the dates, once each (a year without published work days)."""
    parts = [reckoning.get(key) or {} for key in ("reply", "close", "extension")]
    return list(dict.fromkeys(said for part in parts for said in part.get("warnings", ())))


def _one(reckoning: Mapping[str, Any], key: str, title: str) -> Explained:
    part = reckoning[key]
    timeline = part.get("timeline", [])
    return {
        "title": title,
        "due": when(datetime.fromisoformat(part["due"])),
        "limit": _limit(reckoning, key),
        "lines": mark_safe("".join(_line(*entry) for entry in timeline[:_MOST_LINES])),  # noqa: S308 - escaped
        "total": minutes_words(sum(int(entry[2]) for entry in timeline)),
        "warnings": list(part.get("warnings", ())),
    }


def _limit(reckoning: Mapping[str, Any], key: str) -> str:
    kept = reckoning.get("clock") or {}
    pace = str(kept.get("pace") or reckoning.get("pace") or "")
    amount = kept.get(key) or _amount((reckoning.get("limits") or {}).get(key), pace)
    return "，".join(said for said in (str(amount or ""), _PACES.get(pace, "")) if said)


def _amount(limit: Any, pace: str) -> str:
    if not limit:
        return ""
    amount, unit = int(limit[0]), limit[1]
    if unit == "minutes":
        return minutes_words(amount)
    return f"{amount} 个工作日" if pace == "working" else f"{amount} 天"


def _line(begin: str, end: str, minutes: int, why: str) -> str:
    """One stretch of time: when, how much of it counted, why."""
    start, stop = datetime.fromisoformat(begin), datetime.fromisoformat(end)
    same = local(start).date() == local(stop).date()
    span = f"{day(start)} {clock(start)}–{clock(stop) if same else when(stop)}"
    counted = f"计 {minutes_words(minutes)}" if minutes else "不计时"
    mark = "" if minutes > 0 else ' class="muted"'
    return f'<li{mark}><span class="num">{span}</span><span>{counted}</span><span class="muted">{said(why)}</span></li>'
