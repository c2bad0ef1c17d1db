"""The list of pastes."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from fuhui.channels.chat.queries import ChatBatch
from fuhui.channels.chat.rules import BATCH_NAMES, BatchState
from fuhui.shared.ui.format import Tone, when
from fuhui.shared.ui.shapes import Row, row

_TONES: dict[str, Tone] = {BatchState.PREVIEW: "soon", BatchState.READING: "accent", BatchState.DONE: "done"}


def batch_rows(batches: Iterable[ChatBatch]) -> list[Row]:
    """One line for each paste, with what it led to."""
    return [
        row(str(batch), href=reverse("chat:preview", args=[batch.id]), sub=_numbers(batch),
            pill=BATCH_NAMES[BatchState(batch.state)], tone=_TONES.get(batch.state, "neutral"),
            meta=when(batch.received_at), note=batch.by_name, id=str(batch.id))
        for batch in batches
    ]


def _numbers(batch: ChatBatch) -> str:
    counts = batch.counts
    if batch.state == BatchState.DONE:
        return f"{counts.get('kept', 0)} 条发言，生成 {counts.get('made', 0)} 件，补充 {counts.get('linked', 0)} 件"
    return f"{counts.get('kept') or counts.get('read', 0)} 条发言"
