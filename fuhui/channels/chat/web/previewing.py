"""What the preview shows, prepared row by row, so that the template only places it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from fuhui.channels.chat.queries import ChatBatch, ChatDraft, ChatMessage, Grid, Preview
from fuhui.channels.chat.rules import FAIRLY_SURE, FORMAT_NAMES, DraftState, sureness
from fuhui.shared.ui.format import clock, day, local, minutes_words
from fuhui.triage import KIND_NAMES, Kind

SHOWN_AT_ONCE = 4
_SELECTED = SafeString(" selected")
SHOWN = {"cases": "归入诉求", "unsure": "没把握", "chat": "闲聊"}
_KIND_TONES = {Kind.REPORT: "accent", Kind.DETAIL: "accent", Kind.CONFIRM: "done", Kind.STAFF: "neutral"}
_JUDGEMENTS = {"kind": "这样归类", "case": "归到这一件", "category": "类别", "urgent": "险情", "place": "地点"}


def page(shown: Preview, *, categories: Sequence[tuple[str, str]], grids: Sequence[Grid], show: str) -> dict[str, Any]:
    """Everything of the preview page: cases (urgent first), the talk beside them, sums, choices."""
    live = [draft for draft in shown.drafts if draft.state == DraftState.PROPOSED]
    ordered = sorted(live, key=lambda draft: (not draft.is_urgent, draft.position))
    numbers = {draft.id: number for number, draft in enumerate(ordered, 1)}
    said: dict[UUID, list[ChatMessage]] = {}
    for message in shown.messages:
        if message.draft_id in numbers:
            said.setdefault(message.draft_id, []).append(message)
    choices = _Choices(categories, grids)
    return {
        "batch": shown.batch, "source": source_words(shown.batch),
        "cards": [_card(draft, numbers[draft.id], said.get(draft.id, []), choices) for draft in ordered],
        "dropped": [{"id": draft.id, "title": draft.title} for draft in shown.drafts
                    if draft.state == DraftState.DROPPED and any(m.draft_id == draft.id for m in shown.messages)],
        "talk": _talk(shown.messages, numbers, show), "chips": _chips(shown, numbers, show), "show": show,
        "sums": _sums(shown.batch), "notes": _notes(shown.batch), "unparsed": shown.unparsed,
        "joining": sum(1 for draft in ordered if draft.joins), "fresh": sum(1 for draft in ordered if not draft.joins),
        "urgent": sum(1 for draft in ordered if draft.is_urgent),
        "waiting": shown.waiting, "page": shown.page, "pages": _pages(shown),
        "merge_options": _options([(str(one.id), f"第 {numbers[one.id]} 件 {one.title}") for one in ordered], ""),
        "targets": [{"id": draft.id, "number": numbers[draft.id], "title": draft.title} for draft in ordered],
    }


def progress(batch: ChatBatch) -> dict[str, Any]:
    """The page while a large upload is read."""
    done, total = int(batch.counts.get("done", 0)), int(batch.counts.get("total", 0)) or 1
    return {"batch": batch, "done": done, "total": total, "text": f"{done:,} / {total:,} 条发言"}


class _Choices:
    """The options of the cards' selects, written once and marked for each card."""

    def __init__(self, categories: Sequence[tuple[str, str]], grids: Sequence[Grid]) -> None:
        self.categories = [("", "自动判断"), *categories]
        self.names = dict(categories)
        self.grids = [(str(grid.id), grid.name) for grid in grids]
        self.grid_names = dict(self.grids)

    def category_options(self, chosen: str) -> SafeString:
        """Options with one selected."""
        return _options(self.categories, chosen)

    def grid_options(self, chosen: UUID | None) -> SafeString:
        """Options with one selected."""
        return _options([("", "按地点自动判断"), *self.grids], str(chosen or ""))


def _options(pairs: Sequence[tuple[str, str]], chosen: str) -> SafeString:
    return format_html_join("", '<option value="{}"{}>{}</option>', (
        (value, _SELECTED if value == chosen else "", label) for value, label in pairs
    ))


def _card(draft: ChatDraft, number: int, said: Sequence[ChatMessage], choices: _Choices) -> dict[str, Any]:
    lines = [_line(message) for message in said]
    kinds = [message.settled_kind for message in said]
    return {
        "id": draft.id, "number": number, "title": draft.title, "urgent": draft.is_urgent, "place": draft.place_text,
        "category": choices.names.get(draft.category_code, "类别待定"), "category_code": draft.category_code,
        "grid": choices.grid_names.get(str(draft.grid_id or ""), ""), "danger": draft.evidence.get("danger"),
        "refusal": draft.evidence.get("refusal"), "place_weak": draft.evidence.get("place_weak") and draft.place_text,
        "voices": _voices(said, kinds), "lines": lines[:SHOWN_AT_ONCE], "more": lines[SHOWN_AT_ONCE:],
        "answered": Kind.STAFF in kinds, "solved": Kind.CONFIRM in kinds, "existing": _existing(draft, said),
        "tone": "late" if draft.is_urgent else "soon" if draft.joins else "accent",
        "category_options": choices.category_options(draft.category_code),
        "grid_options": choices.grid_options(draft.grid_id),
    }


def _voices(said: Sequence[ChatMessage], kinds: Sequence[Kind]) -> str:
    people = {message.sender for message, kind in zip(said, kinds, strict=True) if kind is not Kind.STAFF}
    return f"{len(people)} 位居民，{len(said)} 条发言"


def _line(message: ChatMessage) -> dict[str, Any]:
    kind = message.settled_kind
    return {"id": message.id, "sender": message.sender, "time": clock(message.said_at), "text": message.text,
            "kind": KIND_NAMES[kind], "tone": _KIND_TONES.get(kind, "neutral"), "staff": kind is Kind.STAFF}


def _existing(draft: ChatDraft, said: Sequence[ChatMessage]) -> dict[str, Any] | None:
    case = draft.existing_case
    if case is None:
        return None
    return {"number": case.number, "title": case.title, "href": f"/cases/{case.id}/", "joins": draft.joins,
            "why": draft.existing_why, "gap": _gap(case.received_at, said)}


def _gap(received_at: datetime, said: Sequence[ChatMessage]) -> str:
    times = [message.said_at for message in said if message.said_at]
    if not times:
        return ""
    minutes = int(abs((min(times) - received_at).total_seconds()) // 60)
    return f"相隔 {minutes_words(minutes)}" if minutes < 1440 else f"相隔 {minutes // 1440} 天"


def _talk(messages: Sequence[ChatMessage], numbers: Mapping[UUID, int], show: str) -> list[dict[str, Any]]:
    """The messages in order with a heading for each new day or group."""
    rows: list[dict[str, Any]] = []
    heading = ("", "")
    several = len({message.group_name for message in messages}) > 1
    for message in messages:
        if not _is_shown(message, numbers, show):
            continue
        here = (message.group_name if several else "", day(message.said_at))
        row = _talk_row(message, numbers)
        row["heading"] = " · ".join(part for part in here if part) if here != heading else ""
        heading = here
        rows.append(row)
    return rows


def _is_shown(message: ChatMessage, numbers: Mapping[UUID, int], show: str) -> bool:
    if show == "cases":
        return message.draft_id in numbers
    if show == "chat":
        return message.draft_id not in numbers
    if show == "unsure":
        return _is_unsure(message)
    return True


def _is_unsure(message: ChatMessage) -> bool:
    return not message.decided_kind and message.confidence < FAIRLY_SURE


def _talk_row(message: ChatMessage, numbers: Mapping[UUID, int]) -> dict[str, Any]:
    number = numbers.get(message.draft_id) if message.draft_id else None
    sure = "您定的" if message.decided_kind else sureness(message.confidence)
    return {
        **_line(message), "number": number, "draft": message.draft_id if number else "", "sure": sure,
        "unsure": _is_unsure(message), "urgent": message.is_urgent,
        "why": [f"{_JUDGEMENTS.get(key, '其他')}：{'；'.join(reasons)}" for key, reasons in message.evidence.items()
                if reasons],
    }


def _chips(shown: Preview, numbers: Mapping[UUID, int], show: str) -> list[dict[str, Any]]:
    counts = {key: sum(1 for message in shown.messages if _is_shown(message, numbers, key)) for key in ("", *SHOWN)}
    return [
        {"label": name, "count": counts[key], "on": key == show, "href": f"?page={shown.page}&show={key}#talk"}
        for key, name in {"": "全部", **SHOWN}.items() if counts[key] or key == show
    ]


def _sums(batch: ChatBatch) -> str:
    counts = batch.counts
    parts = [f"读出 {counts.get('read', 0)} 条发言"]
    if counts.get("repeats"):
        parts.append(f"{counts['repeats']} 条以前粘贴过，不再重复")
    if counts.get("unparsed"):
        parts.append(f"{counts['unparsed']} 行没读出来")
    return "，".join(parts)


def _notes(batch: ChatBatch) -> list[str]:
    """The reader's remarks that the page does not say elsewhere."""
    told = ("没有读出来", "请选择")
    notes = [words for words in batch.warnings if not any(part in words for part in told)]
    if batch.counts.get("handled"):
        notes.append(f"有 {batch.counts['handled']} 条已在上次粘贴中处理；同一件事的新发言会接着原来的诉求。")
    return notes


def _pages(shown: Preview) -> list[dict[str, Any]]:
    if shown.pages < 2:
        return []
    address = reverse("chat:preview", args=[shown.batch.id])
    return [{"number": number, "href": f"{address}?page={number}", "on": number == shown.page}
            for number in range(1, shown.pages + 1)]


def source_words(batch: ChatBatch) -> str:
    """Where the messages came from: group, form, day."""
    form = FORMAT_NAMES.get(batch.format, "群消息")
    return f"{batch.group_name or '群消息'} · {form} · {local(batch.received_at):%m-%d %H:%M} 粘贴"
