"""Reading the audit trail: for auditors and operators, and for a secretary in the own community."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from fuhui.shared.audit.models import Entry
from fuhui.shared.audit.words import sensitive_reads
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


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty parts do not narrow. `who` is a part of the name or a whole `account:…`."""

    who: str = ""
    actor: str = ""
    action: str = ""
    subject: str = ""
    subject_id: str = ""
    day: date | None = None
    only_reads: bool = False


def entries_for(
    viewer: Viewer, *, community_id: UUID | None, wanted: Wanted = Wanted(), after: str | None = None,
    limit: int = PAGE,
) -> EntryPage:
    """One page of a community's entries (None: the installation's), filtered; page 2,000 costs what page 1 does.

    Raises NotAllowed for others, BadInput for an `after` that did not come from a page.
    """
    may_read_entries(viewer, community_id).require()
    rows = _filtered(Entry.objects.filter(community_id=community_id), wanted)
    if after:
        at, entry_id = _position(after)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=entry_id), at__lte=at)
    found = [EntryRow(*row) for row in rows.order_by("-at", "-id").values_list(*_FIELDS)[: limit + 1]]
    last = found[limit - 1] if len(found) > limit else None
    return EntryPage(tuple(found[:limit]), f"{last.at.isoformat()}~{last.id}" if last else None)


def all_entries_for(
    viewer: Viewer, *, community_id: UUID | None, wanted: Wanted, batch: int = 1000
) -> Iterator[EntryRow]:
    """Every matching entry, newest first, in constant memory and without holding a cursor open."""
    after: str | None = ""
    while after is not None:
        page = entries_for(viewer, community_id=community_id, wanted=wanted, after=after, limit=batch)
        yield from page.rows
        after = page.after


def _filtered(rows: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    equal = {"actor": wanted.actor, "action": wanted.action, "subject": wanted.subject, "subject_id": wanted.subject_id}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if wanted.who:
        rows = rows.filter(Q(actor=wanted.who) | Q(actor_name__icontains=wanted.who))
    if wanted.day:
        begin = timezone.make_aware(datetime.combine(wanted.day, time.min))
        rows = rows.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    if wanted.only_reads:
        rows = rows.filter(Q(action__in=sorted(sensitive_reads())) | Q(action=Concat(F("subject"), Value(".read"))))
    return rows


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
