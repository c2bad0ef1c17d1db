"""What the wishes tell the people's room: what a merge moves, and who is in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.shared.viewers import Viewer


def move_persons(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """What the merged person wished and claimed is from now on the kept one's."""
    wishes = Wish.objects.filter(community_id=community_id, wisher_person=merged).update(wisher_person=kept)
    claims = WishClaim.objects.filter(community_id=community_id, person=merged).update(person=kept)
    return {"wishes": wishes, "claims": claims}


def persons_in_use(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons who wished or claimed."""
    wishers = Wish.objects.filter(community_id=community_id, wisher_person__in=ids)
    claimers = WishClaim.objects.filter(community_id=community_id, person__in=ids)
    return set(wishers.values_list("wisher_person_id", flat=True)) | set(claimers.values_list("person_id", flat=True))
