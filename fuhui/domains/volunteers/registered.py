"""How many volunteers and teams there are. Read from the registrations, not from the book: a volunteer counts before
they have served."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from fuhui.domains.volunteers.models import Joining, Volunteer
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.rules.registration import JoiningState, VolunteerState
from fuhui.registry.ledger.registry import FigureRoom, RowPage
from fuhui.registry.ledger.rules.asking import Ask, Definition, Figure
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.organisations.rules import OrganisationKind
from fuhui.shared.errors import NotFound
from fuhui.shared.ui.format import day
from fuhui.shared.ui.shapes import Row, row
from fuhui.shared.viewers import Viewer

VOLUNTEERS = Definition(
    code="volunteers", name="登记志愿者人数", unit="人",
    words="到这段时间最后一天为止登记的志愿者，不含后来退出的；一位居民只登记一次。",
)
TEAMS = Definition(
    code="volunteer_teams", name="志愿服务队", unit="支", words="到这段时间最后一天为止有队员的志愿服务队。"
)


def _volunteers(viewer: Viewer, ask: Ask) -> QuerySet[Volunteer]:
    found = Volunteer.objects.filter(community_id=ask.community, community_id__in=viewer.communities)
    return found.filter(joined_on__lte=ask.until).exclude(state=VolunteerState.ENDED)


def _teams(viewer: Viewer, ask: Ask) -> QuerySet[Organisation]:
    members = Joining.objects.filter(
        community_id=ask.community, state=JoiningState.CONFIRMED, volunteer__in=_volunteers(viewer, ask).values("pk"),
        decided_at__date__lte=ask.until,
    )
    found = Organisation.objects.filter(community_id=ask.community, community_id__in=viewer.communities)
    is_there = Q(until=None) | Q(until__gt=ask.until)
    return found.filter(is_there, kind=OrganisationKind.VOLUNTEER_TEAM, pk__in=members.values("team"))


def _measure(viewer: Viewer, ask: Ask) -> Sequence[Figure]:
    """Nothing for who may not see the whole list, and for asks that narrow the book's records."""
    if not ask.is_plain or not is_office(viewer, ask.community):
        return []
    counted = ((VOLUNTEERS, _volunteers(viewer, ask).count()), (TEAMS, _teams(viewer, ask).count()))
    return [Figure(definition=one, value=count, records=count, since=ask.since, until=ask.until, as_of=timezone.now())
            for one, count in counted]


def _rows(viewer: Viewer, ask: Ask, code: str, after: str, limit: int) -> RowPage:
    if not is_office(viewer, ask.community) or code not in {VOLUNTEERS.code, TEAMS.code}:
        raise NotFound("figure", "没有这个数字，请从台账首页选择。")
    if code == TEAMS.code:
        return RowPage([row(one.name, href=f"/volunteers/teams/{one.pk}/", lead=one.name[:1])
                        for one in _teams(viewer, ask).order_by("name")], "")
    found = _volunteers(viewer, ask).select_related("person").defer("person__id_number", "person__phone")
    found = found.filter(order__gt=int(after) if after.isdecimal() else 0)
    page = list(found.order_by("order")[: limit + 1])
    return RowPage([_row(one) for one in page[:limit]], str(page[limit - 1].order) if len(page) > limit else "")


def _row(one: Volunteer) -> Row:
    page: UUID = one.pk
    return row(one.person.name, href=f"/volunteers/{page}/", meta=one.number, sub=f"{day(one.joined_on)}登记")


REGISTERED = FigureRoom("volunteers", "志愿服务", _measure, _rows)
