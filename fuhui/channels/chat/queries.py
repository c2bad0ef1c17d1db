"""Reads of the chat door. Every read starts from a viewer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fuhui.channels.chat.models import ChatBatch, ChatDraft, ChatMessage
from fuhui.channels.chat.permissions import desk_communities, sees_all_grids, visible_batches
from fuhui.channels.chat.rules import BatchState, DraftState, grid_number
from fuhui.domains.cases.models import CaseCategory
from fuhui.domains.cases.queries.queue import cases_for
from fuhui.domains.cases.rules.states import OPEN
from fuhui.registry.places.queries import Community, Grid, communities_for, grids_for
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer

PAGE = 300
RECENT, LISTED = 12, 30
LOOK_BACK = timedelta(days=30)
MOST_CANDIDATES = 300


@dataclass(frozen=True)
class Preview:
    """One page of a paste: a window of its messages, the proposed cases that begin in it, and the whole's sums."""

    batch: ChatBatch
    messages: list[ChatMessage]
    drafts: list[ChatDraft]
    unparsed: list[dict[str, Any]]
    page: int
    pages: int
    waiting: int


def batches_for(viewer: Viewer) -> QuerySet[ChatBatch]:
    """Pastes the viewer may work on, newest first, without the raw text."""
    found = ChatBatch.objects.filter(visible_batches(viewer)).defer("raw", "unparsed")
    return found.select_related("grid").order_by("-id")


def batches_page(
    viewer: Viewer, *, state: str = "", grid_id: UUID | None = None, after: UUID | None = None, limit: int = LISTED
) -> tuple[list[ChatBatch], UUID | None]:
    """One page of everything that came in, newest first, and the id to go on after. One statement."""
    found = batches_for(viewer)
    if state:
        found = found.filter(state=state)
    if grid_id:
        found = found.filter(grid_id=grid_id)
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: limit + 1])
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def recent_batches(viewer: Viewer, limit: int = RECENT) -> list[ChatBatch]:
    """The latest pastes for the list below the paste box. One statement."""
    return list(batches_for(viewer).exclude(state=BatchState.DROPPED)[:limit])


def last_own_batch(batches: Iterable[ChatBatch], viewer: Viewer) -> ChatBatch | None:
    """The viewer's own latest paste among these: its group and grid are remembered."""
    return next((batch for batch in batches if batch.by_account_id == viewer.account_id), None)


def batch_for(viewer: Viewer, batch_id: UUID) -> ChatBatch:
    """One paste. Raises NotFound."""
    found = ChatBatch.objects.filter(visible_batches(viewer), pk=batch_id).defer("raw").select_related("grid").first()
    if found is None:
        raise NotFound("chat_batch", "没有找到这次粘贴，它可能已到期删除，或属于别的网格。")
    return found


def preview(viewer: Viewer, batch_id: UUID, *, page: int = 1) -> Preview:
    """What the preview page shows, in three statements. Pages beyond the last show the last."""
    batch = batch_for(viewer, batch_id)
    total = int(batch.counts.get("kept", 0))
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    begin, end = (page - 1) * PAGE, page * PAGE
    messages = list(batch.messages.filter(position__gte=begin, position__lt=end).order_by("position"))
    drafts = list(ChatDraft.objects.filter(batch=batch).select_related("existing_case", "case").order_by("position"))
    here = {message.draft_id for message in messages}
    shown = [draft for draft in drafts if draft.id in here or begin <= draft.position < end]
    waiting = sum(1 for draft in drafts if draft.state == DraftState.PROPOSED)
    return Preview(batch, messages, shown, unparsed_of(batch), page, pages, waiting)


def unparsed_of(batch: ChatBatch) -> list[dict[str, Any]]:
    """Lines that could not be read: `number`, `text`, `reason`."""
    lines: list[dict[str, Any]] = json.loads(batch.unparsed) if batch.unparsed else []
    return lines


def made_drafts(batch: ChatBatch) -> list[ChatDraft]:
    """What a finished paste led to, with its cases, in order of the talk. One statement."""
    found = ChatDraft.objects.filter(batch=batch, state__in=[DraftState.MADE, DraftState.LINKED])
    return list(found.select_related("case", "case__category").order_by("position"))


def groups_of_drafts(batch: ChatBatch) -> dict[UUID, list[str]]:
    """The groups in which each proposed case was talked about, the first one first. One statement."""
    found: dict[UUID, list[str]] = {}
    rows = ChatMessage.objects.filter(batch=batch, draft__isnull=False).order_by("position")
    for draft_id, group in rows.values_list("draft_id", "group_name"):
        if group not in found.setdefault(draft_id, []):
            found[draft_id].append(group)
    return found


def known_messages(community_id: UUID, fingerprints: Sequence[bytes]) -> dict[bytes, ChatMessage]:
    """Messages of earlier pastes by fingerprint."""
    found = ChatMessage.objects.filter(community_id=community_id, fingerprint__in=fingerprints)
    rows = found.select_related("case").defer("text", "sender", "evidence")
    return {bytes(row.fingerprint): row for row in rows}


def category_choices(community_id: UUID) -> list[tuple[str, str]]:
    """The community's level-1 categories as (code, name). One statement."""
    rows = CaseCategory.objects.filter(community_id=community_id, is_active=True, parent=None)
    return list(rows.order_by("position", "code").values_list("code", "name"))


def grids_to_choose(viewer: Viewer) -> list[tuple[Community, list[Grid]]]:
    """Communities at whose desk the viewer works, each with the grids whose groups may be pasted. Two statements."""
    communities = list(communities_for(viewer).filter(pk__in=desk_communities(viewer)))
    wanted = Q(pk__in=[])
    for community in communities:
        own = Q() if sees_all_grids(viewer, community.id) else Q(pk__in=sorted(viewer.grids(community.id)))
        wanted |= Q(community_id=community.id) & own
    grids = list(Grid.objects.filter(wanted))
    return [(community, [grid for grid in grids if grid.community_id == community.id]) for community in communities]


def own_grids(viewer: Viewer, community_id: UUID) -> list[Grid]:
    """The grids of a community whose groups the viewer may work on. One statement."""
    grids = grids_for(viewer, community_id)
    return list(grids if sees_all_grids(viewer, community_id) else grids.filter(pk__in=viewer.grids(community_id)))


def grid_of_group(grids: Iterable[Grid], group: str) -> Grid | None:
    """The grid whose group this is: by its registered group name, else by the number in the name."""
    grids = list(grids)
    named = next((grid for grid in grids if grid.group_name and grid.group_name == group), None)
    number = grid_number(group)
    return named or next((grid for grid in grids if number is not None and grid.number == number), None)


def open_cases(viewer: Viewer, community_id: UUID, *, around: datetime) -> list[dict[str, Any]]:
    """Open cases of the 30 days before a moment that a new message may repeat, newest first. One statement."""
    rows = cases_for(viewer).filter(
        community_id=community_id, state__in=sorted(OPEN), is_confidential=False, received_at__gte=around - LOOK_BACK,
        received_at__lte=around + timedelta(days=1),
    )
    columns = ("id", "number", "title", "text", "received_at", "category__code", "grid_id")
    return [dict(row) for row in rows.order_by("-id").values(*columns)[:MOST_CANDIDATES]]


def open_case_ids(viewer: Viewer, case_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the cases that are still open and the viewer's to see."""
    found = cases_for(viewer).filter(pk__in=list(case_ids), state__in=sorted(OPEN))
    return set(found.values_list("id", flat=True))


__all__ = [
    "ChatBatch", "ChatDraft", "ChatMessage", "Community", "Grid", "Preview", "batch_for", "batches_for",
    "category_choices", "desk_communities", "grid_of_group", "grids_to_choose", "groups_of_drafts", "known_messages",
    "last_own_batch", "made_drafts", "open_case_ids", "open_cases", "own_grids", "preview", "recent_batches",
    "unparsed_of",
]
