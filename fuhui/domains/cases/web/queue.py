"""The queue: what is open by time left, worked through without leaving the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from fuhui.domains.cases.queries.pages import (
    categories,
    category_options,
    community_names,
    grid_names_of_all,
    grid_options,
)
from fuhui.domains.cases.queries.queue import LINE, QueueFilter, queue
from fuhui.domains.cases.queries.record import case_record
from fuhui.domains.cases.rules.clocks import PRIORITY_NAMES
from fuhui.domains.cases.web.base import page, staff_page, uuid_in, viewer_of
from fuhui.domains.cases.web.case import shown
from fuhui.domains.cases.web.rows import queue_rows
from fuhui.shared.ui.live import live_address
from fuhui.shared.ui.shapes import Chip, Option, chip, option
from fuhui.shared.viewers import DESK_ROLES, Viewer

TABS = (
    ("open", "待办"),
    ("mine", "我的"),
    ("unassigned", "未派单"),
    ("waiting", "等待中"),
    ("escalated", "已上报"),
    ("late", "逾期"),
    ("ended", "已结束"),
    ("all", "全部"),
)
_EMPTY = {
    "open": ("没有待办的诉求", "可以把网格群里的消息粘贴进来，或替打电话的居民登记一件。"),
    "mine": ("没有派给您的诉求", "看看“未派单”里有没有您能办的。"),
    "unassigned": ("都已派单", "新来的诉求会先出现在这里。"),
    "waiting": ("没有在等待的诉求", "请居民补充、挂账的诉求会列在这里，计时暂停。"),
    "escalated": ("没有上报街道的诉求", "社区自身解决不了的，可以在诉求页上报。"),
    "late": ("没有逾期", "都在期限内，辛苦了。"),
    "ended": ("还没有办结的诉求", "办结、不予受理、并案的都会列在这里。"),
    "submitted": ("没有新来的诉求", "新来的诉求会先出现在这里。"),
    "today": ("今天没有到期的诉求", "接下来 24 小时里到期的会列在这里。"),
    "check": ("没有等着核查或回访的诉求", "办完的诉求先核查、再回访，然后办结。"),
    "all": ("还没有诉求", "可以把网格群里的消息粘贴进来，或替打电话的居民登记一件。"),
}
# Tabs that are states of their own; the others narrow what is to be done. Some are reached from 今天 only.
_OWN_STATES = {"waiting", "escalated", "ended", "all", "submitted", "check"}
_PRIORITIES = [option(key, name) for key, name in PRIORITY_NAMES.items()]
_NARROWING = ("q", "grid", "category", "priority", "community")


@require_GET
@staff_page
def queue_page(request: HttpRequest) -> HttpResponse:
    """Fifty cases of one tab; the rest is asked for by cursor."""
    viewer, asked = viewer_of(request), request.GET
    tab = asked.get("tab", "open")
    if tab not in _EMPTY:
        tab = "open"
    now = timezone.now()
    names = community_names(viewer)
    found = queue(viewer, _wanted(viewer, request, tab), after=asked.get("after", ""), columns=LINE)
    grids = grid_names_of_all(viewer, (UUID(row["community_id"]) for row in found.rows))
    return page(
        request,
        "cases/queue.html",
        _open_record(request, viewer)
        | {
            "rows": queue_rows(found.rows, now=now, grids=_as_text(grids), communities=_as_text(names)),
            "tab": tab,
            "q": asked.get("q", ""),
            "chips": _chips(asked, tab),
            "fields": _fields(viewer, request, names),
            "is_narrowed": _is_narrowed(asked),
            "next": _address(asked, tab, after=found.next) if found.next else "",
            "is_later": bool(asked.get("after")),
            "first": _address(asked, tab),
            "live": live_address(request),
            "empty": _EMPTY[tab],
            "may_enter": viewer.has(*DESK_ROLES),
        },
    )


def _as_text(names: Mapping[UUID, str]) -> dict[str, str]:
    return {str(key): name for key, name in names.items()}


def _open_record(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """The record that stands beside the list; not asked for when only the list is refreshed."""
    wanted = uuid_in(request.GET.get("open"))
    if wanted is None or request.headers.get("HX-Target") == "queue":
        return {"open": ""}
    return shown(viewer, case_record(viewer, wanted)) | {"open": str(wanted)}


def _wanted(viewer: Viewer, request: HttpRequest, tab: str) -> QueueFilter:
    asked, now = request.GET, timezone.now()
    community = uuid_in(asked.get("community")) or _only(viewer)
    category = _category(viewer, community, asked.get("category", "")) if community else None
    return QueueFilter(
        community_id=community,
        tab=tab if tab in _OWN_STATES else "open",
        grid_id=uuid_in(asked.get("grid")),
        category_id=category,
        handler_account_id=viewer.account_id if tab == "mine" else None,
        priority=asked.get("priority", "") if asked.get("priority", "") in PRIORITY_NAMES else "",
        unassigned=tab == "unassigned",
        late_at={"late": now, "today": now + timedelta(hours=24)}.get(tab),
        due_from=now if tab == "today" else None,
        words=asked.get("q", "").strip()[:100],
    )


def _category(viewer: Viewer, community_id: UUID, code: str) -> UUID | None:
    return next((one.id for one in categories(viewer, community_id) if one.code == code), None) if code else None


def _only(viewer: Viewer) -> UUID | None:
    return viewer.communities[0] if len(viewer.communities) == 1 else None


def _is_narrowed(asked: Any) -> bool:
    return any(asked.get(name) for name in _NARROWING)


def _address(asked: Any, tab: str, *, after: str = "") -> str:
    kept = {name: asked[name] for name in _NARROWING if asked.get(name)}
    return "?" + urlencode({"tab": tab, **kept, **({"after": after} if after else {})})


def _chips(asked: Any, tab: str) -> list[Chip]:
    return [chip(label, _address(asked, key), on=key == tab) for key, label in TABS]


def _fields(viewer: Viewer, request: HttpRequest, names: dict[UUID, str]) -> SafeString:
    """The selects of the folded filters, written by hand: as components they would cost a third of the page."""
    asked = request.GET
    community = uuid_in(asked.get("community")) or _only(viewer)
    found: list[SafeString] = []
    if len(names) > 1:
        found.append(_select(asked, "community", "社区", [option(key, name) for key, name in names.items()]))
    if community and viewer.sees(community):
        found.append(_select(asked, "grid", "网格", grid_options(viewer, community)))
        found.append(_select(asked, "category", "类别", category_options(viewer, community)))
    found.append(_select(asked, "priority", "优先级", _PRIORITIES))
    return SafeString("".join(found))


def _select(asked: Any, name: str, label: str, choices: list[Option]) -> SafeString:
    return _select_html(name, label, asked.get(name, ""), tuple((one["value"], one["label"]) for one in choices))


@lru_cache(maxsize=512)
def _select_html(name: str, label: str, chosen: str, pairs: tuple[tuple[str, str], ...]) -> SafeString:
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in pairs
    )
    return SafeString(
        f'<div class="field"><label class="field-label" for="f-{name}">{label}</label>'
        f'<select id="f-{name}" name="{name}"><option value="">全部{label}</option>{items}</select></div>'
    )
