"""The community's table of stars: whose star another table would change, and how it came to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from fuhui.domains.volunteers.models import StarChange, Volunteer
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.rules.certificates import stars_for
from fuhui.domains.volunteers.rules.registration import VolunteerState
from fuhui.registry.ledger.models import PersonDay
from fuhui.registry.people.models import Person
from fuhui.shared.errors import NotAllowed
from fuhui.shared.viewers import Viewer


class Changed(NamedTuple):
    """A volunteer whose star would be another one, with the minutes the book holds."""

    volunteer: Volunteer
    minutes: int
    before: int
    after: int


def whose_star_changes(
    viewer: Viewer, community_id: UUID, now: Mapping[int, int], then: Mapping[int, int]
) -> list[Changed]:
    """Volunteers who are not ended and would have another star by the table `then`, losses first. Three statements.

    Raises NotAllowed: the office only, since it tells everybody's hours.
    """
    if not is_office(viewer, community_id):
        raise NotAllowed("volunteers_stars", "星级标准由社区书记或社区工作者设定。")
    minutes = _minutes(community_id)
    rows = Volunteer.objects.filter(community_id=community_id).exclude(state=VolunteerState.ENDED).select_related(
        "person").defer("person__id_number", "person__phone")
    found = [Changed(row, served, stars_for(served, now), stars_for(served, then))
             for row in rows if (served := minutes.get(row.person_id, 0))]
    return sorted((one for one in found if one.before != one.after),
                  key=lambda one: (one.after - one.before, one.volunteer.order))


def changes_of(viewer: Viewer, community_id: UUID) -> list[StarChange]:
    """How the table came to be, latest first; for everybody of the community."""
    return list(StarChange.objects.filter(community_id=community_id, community_id__in=viewer.communities)[:50])


def _minutes(community_id: UUID) -> dict[UUID, int]:
    """Minutes of everybody in the book, those of a merged record with the record it was merged into."""
    kept = dict(Person.objects.filter(community_id=community_id, merged_into__isnull=False).values_list(
        "pk", "merged_into"))
    found: dict[UUID, int] = {}
    sums = PersonDay.objects.filter(community_id=community_id).values("who").annotate(total=Sum("minutes"))
    for who, total in sums.values_list("who", "total"):
        now = kept.get(who) or who
        found[now] = found.get(now, 0) + int(total)
    return found
