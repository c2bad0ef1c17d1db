"""The queue: open cases by the date that counts next, fifty at a time, by keyset."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from fuhui.domains.cases.models import Case
from fuhui.domains.cases.permissions import visible
from fuhui.domains.cases.rules.states import ENDED, State
from fuhui.domains.cases.rules.words import query_words
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.viewers import Viewer

PAGE = 50
COLUMNS = (
    "id",
    "number",
    "state",
    "title",
    "priority",
    "is_urgent",
    "is_supervised",
    "source",
    "grid_id",
    "category_id",
    "place_text",
    "received_at",
    "due_at",
    "reply_due_at",
    "replied_at",
    "close_due_at",
    "ended_at",
    "handler_name",
    "handler_account_id",
    "reporter_count",
    "urge_count",
    "version",
    "community_id",
)


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue: `tab` open, waiting, ended, all or one state; the rest narrows it."""

    community_id: UUID | None = None
    tab: str = "open"
    grid_id: UUID | None = None
    category_id: UUID | None = None
    handler_account_id: UUID | None = None
    priority: str = ""
    unassigned: bool = False
    late_at: datetime | None = None
    words: str = ""


@dataclass(frozen=True)
class QueuePage:
    """Rows as plain dictionaries and the cursor of the next page, empty at the end."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    next: str = ""


def cases_for(viewer: Viewer) -> QuerySet[Case]:
    """Every case the viewer may see."""
    return Case.objects.filter(visible(viewer))


def case_for(viewer: Viewer, case_id: UUID) -> Case:
    """The one door to a case; raises NotFound alike for none and for somebody else's."""
    found = cases_for(viewer).filter(pk=case_id).select_related("category", "grid", "building").first()
    if found is None:
        raise NotFound("case_not_found", "没有找到这件诉求，或它不在您的权限范围内。")
    return found


def queue(viewer: Viewer, wanted: QueueFilter, *, after: str = "", limit: int = PAGE) -> QueuePage:
    """One page of the queue: open ones by due date, ended ones newest first. One statement."""
    rows = cases_for(viewer).filter(_narrow(wanted))
    if wanted.words.strip():
        rows = rows.filter(pk__in=search_ids(wanted.words))
    by_due = wanted.tab not in {"ended", "all"} and wanted.tab not in ENDED
    if after:
        rows = rows.filter(_behind(after, by_due=by_due))
    ordered = rows.order_by("due_at", "id") if by_due else rows.order_by("-id")
    found = list(ordered.values(*COLUMNS)[: limit + 1])
    more = len(found) > limit
    return QueuePage(found[:limit], _cursor(found[limit - 1], by_due=by_due) if more else "")


def search_ids(words: str, limit: int = 200) -> list[UUID]:
    """Ids of the newest cases that hold all the words, inside the connection's communities.

    The search runs in a function of the owner that keeps to the same wall: row-level security would
    keep the index from being used, because text search is not marked leakproof.
    """
    terms = query_words(words)
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_search_ids(%s, %s)", [" & ".join(f"'{term}'" for term in terms), limit])
        return [row[0] for row in cursor.fetchall()]


def _narrow(wanted: QueueFilter) -> Q:
    condition = _tab(wanted.tab)
    for name in ("community_id", "grid_id", "category_id", "handler_account_id", "priority"):
        value = getattr(wanted, name)
        if value:
            condition &= Q(**{name: value})
    if wanted.unassigned:
        condition &= Q(handler_account_id=None, handler_organisation_id=None)
    if wanted.late_at:
        condition &= Q(due_at__lt=wanted.late_at)
    return condition


def _tab(tab: str) -> Q:
    if tab == "all":
        return Q()
    if tab == "ended":
        return Q(is_open=False)
    if tab == "waiting":
        return Q(state__in=[State.WAITING, State.SUSPENDED])
    if tab in set(State):
        return Q(state=tab)
    return Q(is_open=True)


def _cursor(row: dict[str, Any], *, by_due: bool) -> str:
    key = [row["due_at"].isoformat(), str(row["id"])] if by_due else [str(row["id"])]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _behind(cursor: str, *, by_due: bool) -> Q:
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        last = UUID(key[-1])
        if not by_due:
            return Q(id__lt=last)
        due = datetime.fromisoformat(key[0])
    except (ValueError, binascii.Error, IndexError, TypeError, AttributeError) as error:
        raise BadInput("bad_cursor", "翻页地址不完整，请从第一页重新打开。") from error
    return Q(due_at__gte=due) & (Q(due_at__gt=due) | Q(id__gt=last))
