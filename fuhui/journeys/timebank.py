"""A service that stands in the book is stored in the time bank of the volunteers who gave it; taken back, it leaves."""

from __future__ import annotations

from fuhui.domains.volunteers.actions.timebank import credit_service
from fuhui.domains.volunteers.actions.timebank_reversed import take_back_service
from fuhui.registry.ledger.events import ServiceReversed, ServiceWritten
from fuhui.shared.events import on
from fuhui.shared.viewers import system


@on(ServiceWritten)
def store(event: ServiceWritten) -> None:
    """Nothing is stored while the community's bank is closed."""
    credit_service(by=system("timebank", event.community_id), record_id=event.record_id)


@on(ServiceReversed)
def take_back(event: ServiceReversed) -> None:
    """What is spent already stays, marked for the secretary by the self-check."""
    take_back_service(by=system("timebank", event.community_id), community_id=event.community_id,
                      record_id=event.record_id)
