"""Rows of lists as HTML, written in Python: fifty of them cost a queue page well below a millisecond."""

from __future__ import annotations

import html
import re

from django.utils.safestring import SafeString, mark_safe

from fuhui.shared.ui.shapes import Row

_SPECIAL = re.compile("[&<>\"']")


def escape(text: str) -> str:
    """As `html.escape`; most texts hold nothing to escape, and one look costs a fifth of five replacements."""
    return html.escape(text) if _SPECIAL.search(text) else text


def said(text: object) -> str:
    """The text escaped; text marked safe is kept. Django's own `conditional_escape` costs three times as much."""
    return text if isinstance(text, SafeString) else escape(str(text))


def row_html(row: Row, selected: str = "") -> SafeString:
    """One `<li class="row">`; everything in the row is escaped (text marked safe is kept)."""
    title = said(row["title"])
    link = (
        f'<a class="row-link" href="{escape(row["href"])}">{title}</a>'
        if row["href"]
        else (f'<span class="row-link">{title}</span>')
    )
    note = f"<span>{said(row['note'])}</span>" if row["note"] else ""
    sub = f'<p class="row-sub"><span>{said(row["sub"])}</span>{note}</p>' if row["sub"] or note else ""
    main = f'<div class="row-main">{link}{sub}</div>'
    whole = f"<li{_marks(row, selected)}>{_front(row)}{main}{_end(row)}</li>"
    return mark_safe(whole)  # noqa: S308 - every part above is escaped


def _marks(row: Row, selected: str) -> str:
    marks = ' class="row"'
    if row["id"]:
        marks += f' id="row-{escape(row["id"])}"'
    if row["unread"]:
        marks += " data-unread"
    if selected and selected == row["id"]:
        marks += ' aria-current="true"'
    return marks


def _front(row: Row) -> str:
    if row["checkbox"]:
        value, title = escape(row["checkbox"]), escape(row["title"])
        box = f'<input type="checkbox" name="pick" value="{value}" aria-label="选中：{title}">'
        return f'<label class="row-check">{box}</label>'
    if row["lead"]:
        return f'<span class="row-lead" aria-hidden="true">{escape(row["lead"])}</span>'
    return ""


def _end(row: Row) -> str:
    pill = _toned("pill", row["tone"], row["pill"])
    meta = _toned("row-meta", row["meta_tone"], row["meta"])
    return f'<div class="row-end">{pill}{meta}</div>' if pill or meta else ""


def _toned(kind: str, tone: str, words: str) -> str:
    return f'<span class="{kind}" data-tone="{escape(tone)}">{said(words)}</span>' if words else ""
