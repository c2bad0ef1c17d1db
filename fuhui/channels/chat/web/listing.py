"""The lists of pastes: the latest below the paste box, and all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from fuhui.channels.chat.queries import ChatBatch, Community, Grid
from fuhui.channels.chat.rules import BATCH_NAMES, DOOR_NAMES, BatchState
from fuhui.shared.ui.format import Tone, when
from fuhui.shared.ui.shapes import Chip, Option, Row, chip, option, row

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
    counts, where = batch.counts, batch.grid.name if batch.grid else ""
    said = f"{counts.get('kept') or counts.get('read', 0)} 条发言"
    if batch.state == BatchState.DONE:
        said += f"，生成 {counts.get('made', 0)} 件，补充 {counts.get('linked', 0)} 件"
    return " · ".join(part for part in (DOOR_NAMES[batch.door], where, said) if part)


def chosen(asked: Mapping[str, str], name: str) -> UUID | None:
    """The identifier in a parameter; None where there is none or it is not one."""
    try:
        return UUID(asked.get(name, ""))
    except ValueError:
        return None


def batch_chips(asked: Mapping[str, str]) -> list[Chip]:
    """All of them, or those of one state."""
    kept = {"grid": asked["grid"]} if asked.get("grid") else {}
    names = {"": "全部"} | {str(state): name for state, name in BATCH_NAMES.items()}
    return [chip(name, f"?{urlencode({**kept, 'state': key})}", on=key == asked.get("state", ""))
            for key, name in names.items()]


def next_address(asked: Mapping[str, str], after: UUID | None) -> str:
    """The following page with the same choice; empty on the last one."""
    kept = {name: asked[name] for name in ("state", "grid") if asked.get(name)}
    return f"?{urlencode({**kept, 'after': str(after)})}" if after else ""


def grid_choices(choices: Iterable[tuple[Community, list[Grid]]]) -> list[Option]:
    """The grids whose chats the viewer may see, for narrowing the list; none where there is only one."""
    grids = [(community, grid) for community, owned in choices for grid in owned]
    several = len({community.id for community, _ in grids}) > 1
    named = [option(grid.id, f"{community.name} · {grid.name}" if several else grid.name) for community, grid in grids]
    return named if len(named) > 1 else []
