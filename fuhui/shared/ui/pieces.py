"""Parts that many pages repeat, as HTML written in Python: a template's loop costs several times as much."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from fuhui.shared.ui.navigation import Link
from fuhui.shared.ui.rows import said
from fuhui.shared.ui.shapes import Step, TimelineItem

_MARKS = {"done": "✓", "late": "!"}
_STATES = {"done": "已完成", "now": "进行中", "late": "已超期"}


def steps_html(steps: Iterable[Step]) -> SafeString:
    """The `<li>`s of a tracking list; everything is escaped (text marked safe is kept)."""
    return mark_safe("".join(map(_step, steps)))  # noqa: S308 - every part is escaped


def timeline_html(items: Iterable[TimelineItem]) -> SafeString:
    """The `<li>`s of a history; everything is escaped (text marked safe is kept)."""
    return mark_safe("".join(map(_entry, items)))  # noqa: S308 - every part is escaped


def facts_html(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """The rows of a `<dl class="facts">`; everything is escaped (text marked safe is kept)."""
    rows = "".join(f"<div><dt>{said(name)}</dt><dd>{said(value)}</dd></div>" for name, value in pairs)
    return mark_safe(rows)  # noqa: S308 - both parts are escaped


@lru_cache(maxsize=512)
def links_html(links: tuple[Link, ...], here: str, sprite: str = "", kind: str = "") -> SafeString:
    """Links of a bar, the one that the page belongs to marked; with a sprite's address also their icons."""
    style = f' class="{escape(kind)}"' if kind else ""
    return mark_safe("".join(_link(link, here, sprite, style) for link in links))  # noqa: S308 - escaped below


def _link(link: Link, here: str, sprite: str, style: str) -> str:
    mark = ' aria-current="page"' if link.href == here else ""
    drawing = f'<svg class="icon" aria-hidden="true"><use href="{escape(sprite)}#{escape(link.icon)}"></use></svg>'
    words = f"{drawing}<span>{escape(link.label)}</span>" if sprite else escape(link.label)
    return f'<a{style} href="{escape(link.href)}"{mark}>{words}</a>'


def _step(one: Step) -> str:
    state = one["state"]
    now = ' aria-current="step"' if state == "now" else ""
    when = f'<span class="steps-when">{said(one["when"])}</span>' if one["when"] else ""
    note = f'<span class="steps-note">{said(one["note"])}</span>' if one["note"] else ""
    label = f'{said(one["label"])}<span class="sr">（{_STATES.get(state, "未开始")}）</span>'
    mark = f'<span class="steps-mark" aria-hidden="true">{_MARKS.get(state, "")}</span>'
    return f'<li data-state="{escape(state)}"{now}>{mark}<span class="steps-label">{label}</span>{when}{note}</li>'


def _entry(item: TimelineItem) -> str:
    title = f'<a href="{escape(item["href"])}">{said(item["title"])}</a>' if item["href"] else said(item["title"])
    by = f" · {said(item['by'])}" if item["by"] else ""
    body = f'<div class="timeline-body">{said(item["body"])}</div>' if item["body"] else ""
    head = f'<div class="timeline-title">{title}</div><div class="timeline-meta">{said(item["when"])}{by}</div>'
    return f'<li data-tone="{escape(item["tone"])}">{head}{body}</li>'
