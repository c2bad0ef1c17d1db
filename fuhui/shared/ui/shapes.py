"""What components take: small dictionaries with every key present, so that no template misses one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypedDict

from fuhui.shared.ui.format import Tone

StepState = Literal["done", "now", "todo", "late"]


class Row(TypedDict):
    """One line of a list."""

    title: str
    href: str
    sub: str
    meta: str
    meta_tone: Tone
    pill: str
    tone: Tone
    note: str
    lead: str
    id: str
    unread: bool
    checkbox: str


class Step(TypedDict):
    """One step of `<c-steps>`."""

    label: str
    state: StepState
    when: str
    note: str


class TimelineItem(TypedDict):
    """One entry of `<c-timeline>`."""

    when: str
    title: str
    by: str
    body: str
    tone: Tone
    href: str


class Option(TypedDict):
    """One choice of a select or of choice chips."""

    value: str
    label: str
    note: str
    disabled: bool


class Cell(TypedDict):
    """One cell of `<c-table>`."""

    text: str
    href: str
    tone: str


class Chip(TypedDict):
    """One quick filter of `<c-filters>`."""

    label: str
    href: str
    on: bool
    count: str


class Stat(TypedDict):
    """The attributes of `<c-stat>`, to be passed as `:attrs`."""

    label: str
    value: str
    unit: str
    href: str
    sub: str
    trend: str
    trend_tone: Tone
    tone: Tone
    definition: str


def row(
    title: str,
    *,
    href: str = "",
    sub: str = "",
    meta: str = "",
    meta_tone: Tone = "neutral",
    pill: str = "",
    tone: Tone = "neutral",
    note: str = "",
    lead: str = "",
    id: str = "",
    unread: bool = False,
    checkbox: str = "",
) -> Row:
    """A line of a list; `lead` is a short mark at the left, `checkbox` the value of a box to tick."""
    return {
        "title": title,
        "href": href,
        "sub": sub,
        "meta": meta,
        "meta_tone": meta_tone,
        "pill": pill,
        "tone": tone,
        "note": note,
        "lead": lead,
        "id": id,
        "unread": unread,
        "checkbox": checkbox,
    }


def step(label: str, state: StepState, when: str = "", note: str = "") -> Step:
    """A step: done, now, todo or late."""
    return {"label": label, "state": state, "when": when, "note": note}


def timeline_item(
    when: str, title: str, *, by: str = "", body: str = "", tone: Tone = "neutral", href: str = ""
) -> TimelineItem:
    """An entry of a history."""
    return {"when": when, "title": title, "by": by, "body": body, "tone": tone, "href": href}


def stat(
    label: str,
    value: str,
    *,
    unit: str = "",
    href: str = "",
    sub: str = "",
    trend: str = "",
    trend_tone: Tone = "neutral",
    tone: Tone = "neutral",
    definition: str = "",
) -> Stat:
    """A figure: `<c-stat :attrs="figure" />`; `sub` says from what it is counted."""
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "href": href,
        "sub": sub,
        "trend": trend,
        "trend_tone": trend_tone,
        "tone": tone,
        "definition": definition,
    }


def option(value: object, label: str, note: str = "", *, disabled: bool = False) -> Option:
    """A choice; the value is kept as text."""
    return {"value": str(value), "label": label, "note": note, "disabled": disabled}


def options(pairs: Iterable[tuple[object, str]]) -> list[Option]:
    """Choices from pairs, such as an enum's `choices`."""
    return [option(value, label) for value, label in pairs]


def cell(text: str, *, href: str = "", tone: str = "") -> Cell:
    """A table cell that opens or is marked."""
    return {"text": text, "href": href, "tone": tone}


def chip(label: str, href: str, *, on: bool = False, count: str = "") -> Chip:
    """A quick filter."""
    return {"label": label, "href": href, "on": on, "count": count}
