"""What accounts tell the people's room: the account of a merged person follows, and whose account there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from fuhui.registry.accounts.models import Account
from fuhui.shared.viewers import Viewer


def move_accounts(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """Accounts of the merged person become the kept one's."""
    return {"accounts": Account.objects.filter(person_id=merged).update(person_id=kept)}


def people_in_use(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons who have an account."""
    found = Account.objects.filter(person_id__in=ids).values_list("person_id", flat=True)
    return {one for one in found if one}
