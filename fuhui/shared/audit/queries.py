"""Reading the audit trail: for auditors and operators, and for a secretary in the own community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from fuhui.shared.audit.models import Entry
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.policy import ALLOWED, Decision, refuse
from fuhui.shared.viewers import Role, Viewer

PAGE = 50
_FIELDS = ("id", "seq", "at", "actor", "actor_name", "action", "subject", "subject_id", "data")


@dataclass(frozen=True)
class EntryRow:
    """One entry as shown; `seq` is its number in the chain."""

    id: UUID
    seq: int | None
    at: datetime
    actor: str
    actor_name: str
    action: str
    subject: str
    subject_id: str
    data: dict[str, Any]


@dataclass(frozen=True)
class EntryPage:
    """Newest first. `after` opens the next page, None on the last."""

    rows: tuple[EntryRow, ...]
    after: str | None


def may_read_entries(viewer: Viewer, community_id: UUID | None) -> Decision:
    """Auditor and operator inside their scope, a secretary in the own community; the system always."""
    roles = (Role.AUDITOR, Role.OPERATOR)
    if viewer.is_system or (community_id is None and viewer.has(*roles)):
        return ALLOWED
    if community_id and viewer.sees(community_id) and viewer.has(*roles, Role.SECRETARY, community_id=community_id):
        return ALLOWED
    return refuse("audit.read", "审计记录只对审计员、系统管理员和本社区书记开放；需要查阅请与他们联系。")


def entries_for(
    viewer: Viewer, *, community_id: UUID | None, subject: str = "", subject_id: UUID | str | None = None,
    actor: str = "", action: str = "", after: str | None = None, limit: int = PAGE,
) -> EntryPage:
    """One page of a community's entries (None: the installation's), filtered; page 2,000 costs what page 1 does.

    Raises NotAllowed for others, BadInput for an `after` that did not come from a page.
    """
    may_read_entries(viewer, community_id).require()
    wanted = {"subject": subject, "subject_id": str(subject_id or ""), "actor": actor, "action": action}
    rows = Entry.objects.filter(community_id=community_id, **{name: value for name, value in wanted.items() if value})
    if after:
        at, entry_id = _position(after)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=entry_id), at__lte=at)
    found = [EntryRow(*row) for row in rows.order_by("-at", "-id").values_list(*_FIELDS)[: limit + 1]]
    last = found[limit - 1] if len(found) > limit else None
    return EntryPage(tuple(found[:limit]), f"{last.at.isoformat()}~{last.id}" if last else None)


def entry_for(viewer: Viewer, entry_id: UUID) -> EntryRow:
    """One entry; NotFound where it does not exist or is not this viewer's to read."""
    row = Entry.objects.filter(id=entry_id).values_list("community_id", *_FIELDS).first()
    if row is None or not may_read_entries(viewer, row[0]).allowed:
        raise NotFound()
    return EntryRow(*row[1:])


def _position(after: str) -> tuple[datetime, UUID]:
    at, _, entry_id = after.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(entry_id)
    except ValueError as error:
        raise BadInput("page", "翻页位置无效，请回到第一页重新查找。") from error
