"""What the activities tell other rooms: people in use and merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from fuhui.domains.activities.models import CheckIn, Helper, SignUp
from fuhui.shared.viewers import Viewer


def move_persons(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """What the merged person signed up for and helped at is the kept one's, unless they are there already."""
    signups = SignUp.objects.filter(community_id=community_id, person=merged).update(person=kept)
    theirs = Helper.objects.filter(community_id=community_id, person=kept).values("activity")
    helped = Helper.objects.filter(community_id=community_id, person=merged).exclude(activity__in=theirs)
    return {"signups": signups, "helped": helped.update(person=kept)}


def persons_in_use(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons who signed up, came or helped."""
    signed = SignUp.objects.filter(community_id=community_id, person__in=ids).values_list("person_id", flat=True)
    helped = Helper.objects.filter(community_id=community_id, person__in=ids).values_list("person_id", flat=True)
    came = CheckIn.objects.filter(community_id=community_id, person__in=ids).values_list("person_id", flat=True)
    return {*signed, *helped, *came}
