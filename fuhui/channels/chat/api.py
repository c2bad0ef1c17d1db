"""The API of chats: a program hands in a group's messages; they wait for a person like a paste."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from fuhui.channels.chat.actions import Pasted, read_batch
from fuhui.channels.chat.queries import ChatBatch, batches_page
from fuhui.channels.chat.rules import BATCH_NAMES, Door
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer

router = Router(tags=["chats"])


class ChatIn(Schema):
    """Messages of one group or several, in any of the formats that the paste box reads."""

    community: UUID
    text: str = Field(..., description="as exported or copied; at most 20 MB")
    group: str = Field("", max_length=60, description="the group's name where the text does not say it")
    grid: UUID | None = Field(None, description="empty: found by the group's name")
    day: date | None = Field(None, description="for a chat that tells no day")


@router.post("/chats", url_name="chats_create", response={201: dict[str, Any]})
def create(request: HttpRequest, chat: ChatIn) -> Status[dict[str, Any]]:
    """Reads the chat and proposes cases; nothing becomes a case before a person has looked at it."""
    by: Viewer = request.viewer  # type: ignore[attr-defined]
    pasted = Pasted(chat.text, group_name=chat.group, grid_id=chat.grid, day=chat.day, door=Door.API)
    return Status(201, _facts(read_batch(by=by, community_id=chat.community, pasted=pasted)))


@router.get("/chats", url_name="chats_list", response=dict[str, Any])
def list_chats(
    request: HttpRequest, state: str = "", grid: UUID | None = None, after: UUID | None = None
) -> dict[str, Any]:
    """What came in for the grids that the account works in, newest first: pass `next` as `after`."""
    if state and state not in BATCH_NAMES:
        raise BadInput("unknown_state", f"没有这个状态。可用：{'、'.join(BATCH_NAMES)}。", field="state")
    by: Viewer = request.viewer  # type: ignore[attr-defined]
    rows, following = batches_page(by, state=state, grid_id=grid, after=after)
    return {"chats": [_facts(row) for row in rows], "next": following}


def _facts(batch: ChatBatch) -> dict[str, Any]:
    return {
        "id": batch.id, "state": batch.state, "door": batch.door.value, "group": batch.group_name,
        "grid": batch.grid_id, "format": batch.format, "received_at": batch.received_at, "counts": batch.counts,
        "warnings": batch.warnings,
    }
