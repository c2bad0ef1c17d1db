"""Tags of the components: addresses of their files, attributes passed on, icons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from fuhui.shared.ui.context import Shell
from fuhui.shared.ui.pieces import links_html, steps_html, timeline_html
from fuhui.shared.ui.rows import row_html
from fuhui.shared.ui.shapes import Row, Step, TimelineItem

register = template.Library()


@lru_cache(maxsize=128)
def _address(path: str) -> str:
    try:
        return static(path)
    except ValueError:  # not collected (tests, or the vendor files are not fetched): the plain address
        return f"{settings.STATIC_URL}{path}"


@register.simple_tag
def asset(path: str) -> str:
    """Address of a static file with its hash; the plain address where the file was not collected."""
    return static(path) if settings.DEBUG else _address(path)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of static/ui/icons.svg, hidden from screen readers: the words stand beside it."""
    return _icon(name, asset("ui/icons.svg")) if name else mark_safe("")


@lru_cache(maxsize=256)
def _icon(name: str, sprite: str) -> SafeString:
    drawing = f'<svg class="icon" aria-hidden="true"><use href="{sprite}#{conditional_escape(name)}"></use></svg>'
    return mark_safe(drawing)  # noqa: S308 - both parts are escaped or our own


@register.simple_tag
def htmx_script_deferred() -> SafeString:
    """htmx as bundled with django-htmx; deferred, from our own address, without an inline part."""
    return mark_safe(f'<script src="{asset("django_htmx/htmx-2.min.js")}" defer></script>')  # noqa: S308 - our address


@register.simple_tag
def list_row(row: Row | None, selected: object = "") -> SafeString:
    """One row of a list."""
    return row_html(row, str(selected)) if row else mark_safe("")


@register.simple_tag
def list_rows(rows: Iterable[Row] | None, selected: object = "") -> SafeString:
    """The rows of a list."""
    return mark_safe("".join(row_html(row, str(selected)) for row in rows or ()))  # noqa: S308 - rows are escaped


@register.simple_tag
def step_items(steps: Iterable[Step] | None) -> SafeString:
    """The entries of a tracking list."""
    return steps_html(steps or ())


@register.simple_tag
def timeline_items(items: Iterable[TimelineItem] | None) -> SafeString:
    """The entries of a history."""
    return timeline_html(items or ())


@register.simple_tag
def bar_links(ui: Shell, bar: str) -> SafeString:
    """The links of a bar: `top` words only, `more`, `rest` and `bottom` with their icons."""
    links = getattr(ui.bars, bar)
    if bar == "top":
        return links_html(links, ui.here)
    return links_html(links, ui.here, asset("ui/icons.svg"), "menu-link" if bar in {"more", "rest"} else "")


@register.filter
def passed_on(attrs: Any) -> SafeString:
    """Attributes the component does not know, each escaped; True stands for a bare attribute, False and None for none.

    cotton's own output of `attrs` leaves a value that begins and ends with a quote as it is, so it is not used.
    """
    known: Mapping[str, Any] = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else {}
    said = (_attribute(name, value) for name, value in known.items() if value is not False and value is not None)
    return mark_safe("".join(said))  # noqa: S308 - names come from templates, values are escaped


def _attribute(name: str, value: Any) -> str:
    return f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'


@register.filter
def as_options(pairs: Any) -> list[dict[str, Any]]:
    """Choices as dictionaries, whether they were given as `option(...)` or as pairs."""
    return [_option(pair) for pair in pairs or ()]


def _option(pair: Any) -> dict[str, Any]:
    if isinstance(pair, Mapping):
        return dict(pair)
    value, label = pair
    return {"value": str(value), "label": label, "note": "", "disabled": False}


@register.filter
def chosen(value: Any, option: str) -> bool:
    """True when the option is the value, or one of them."""
    if isinstance(value, list | tuple | set | frozenset):
        return option in {str(one) for one in value}
    return value is not None and str(value) == option


@register.filter
def error_items(errors: Any) -> list[tuple[str, str]]:
    """(field name, sentence) of errors given as a dictionary, a list or one sentence."""
    if not errors:
        return []
    if isinstance(errors, Mapping):
        return [(str(name), _first(said)) for name, said in errors.items()]
    return [("", str(said)) for said in ([errors] if isinstance(errors, str) else errors)]


def _first(said: Any) -> str:
    return str(said[0]) if isinstance(said, list | tuple) and said else str(said)


@register.filter
def cells(row: Any, columns: Any) -> list[dict[str, Any]]:
    """The cells of a table's row with the heading each belongs to."""
    return [_cell(value, str(heading)) for value, heading in zip(row, columns, strict=False)]


def _cell(value: Any, heading: str) -> dict[str, Any]:
    filled = value if isinstance(value, Mapping) else {"text": value, "href": "", "tone": ""}
    return {**filled, "label": heading.lstrip("#"), "number": heading.startswith("#")}


@register.filter
def headings(columns: Any) -> list[dict[str, Any]]:
    """Column headings: `#` in front marks numbers."""
    return [{"label": str(name).lstrip("#"), "number": str(name).startswith("#")} for name in columns or ()]
