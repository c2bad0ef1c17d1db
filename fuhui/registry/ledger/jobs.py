"""Every night the book is compared with its sources."""

from __future__ import annotations

from uuid import UUID

from fuhui.registry.ledger.actions.checking import run_checks
from fuhui.shared.jobs import every, for_each_community
from fuhui.shared.tenancy.scope import current


@every("20 4 * * *", "ledger.check_book")
def check_book() -> None:
    """The self-checks of every community."""
    for_each_community(_check)


def _check(community_id: UUID) -> None:
    run_checks(by=current(), community_id=community_id)
