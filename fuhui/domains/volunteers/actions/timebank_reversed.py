"""A service taken back in the book: the time it stored is taken back too, or is marked for the secretary."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fuhui.domains.volunteers.actions.timebank import reverse_entry
from fuhui.domains.volunteers.models import BankEntry
from fuhui.domains.volunteers.rules.timebank import Kind
from fuhui.shared import audit
from fuhui.shared.errors import NotAllowed, RuleBroken
from fuhui.shared.viewers import Viewer

_DONE = {"volunteers_bank_reversed_once", "volunteers_bank_entry_once"}


@transaction.atomic
def take_back_service(*, by: Viewer, community_id: UUID, record_id: UUID) -> tuple[int, int]:
    """Reverses what one reversed service moved, each entry once. Returns how many entries were taken back and how
    many stay because the time is spent already; the self-check `timebank.reversed` shows those to the secretary.

    By the system only; the reversal in the book is never held up by an account without minutes.
    """
    if not by.is_system or not by.sees(community_id):
        raise NotAllowed("bank_take_back", "服务冲正以后由系统收回时间；其他冲正由社区书记办理。")
    moved = BankEntry.objects.filter(
        community_id=community_id, record=record_id, kind__in=[Kind.EARN, Kind.SPEND], reversals__isnull=True)
    done = left = 0
    for entry in moved.order_by("pk"):
        try:
            # A savepoint of its own: what is spent leaves the others taken back.
            with transaction.atomic():
                reverse_entry(by=by, entry_id=entry.pk, why="服务记录已冲正")
        except RuleBroken as error:
            if error.code in _DONE:  # by another hand, a moment ago
                continue
            left += 1
            audit.record("volunteers.bank_spent", by=by, community_id=community_id, subject="bank_entry",
                         subject_id=entry.pk, data={"record": str(record_id)})
        else:
            done += 1
    return done, left
