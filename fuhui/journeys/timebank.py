"""A service that stands in the book is stored in the time bank of the volunteers who gave it."""

from __future__ import annotations

from fuhui.domains.volunteers.actions.timebank import credit_service
from fuhui.registry.ledger.events import ServiceWritten
from fuhui.shared.events import on
from fuhui.shared.viewers import system


@on(ServiceWritten)
def store(event: ServiceWritten) -> None:
    """Nothing is stored while the community's bank is closed."""
    credit_service(by=system("timebank", event.community_id), record_id=event.record_id)
