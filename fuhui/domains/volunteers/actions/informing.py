"""What volunteers are told. Only rows are written here."""

from __future__ import annotations

from collections.abc import Iterable

from fuhui.domains.volunteers.models import Shift, Volunteer
from fuhui.domains.volunteers.queries.fairness import accounts_of
from fuhui.shared.messages import send


def inform(shift: Shift, people: Iterable[Volunteer], *, title: str, body: str, mark: str, most: int = 0) -> int:
    """One message about a shift for each volunteer with an account, in their order, the first `most` (0: all).

    `mark` keeps the same news from being sent twice. Returns how many were written.
    """
    rows = list(people)
    accounts = accounts_of(row.person_id for row in rows)
    told = 0
    for row in rows:
        account = accounts.get(row.person_id)
        if account and (not most or told < most):
            sent = send(community_id=shift.community_id, to_account=account, kind="volunteers", title=title, body=body,
                        link=f"/volunteers/calls/{shift.call_id}/", dedupe_key=f"{mark}:{shift.id}:{row.id}")
            told += sent is not None
    return told
