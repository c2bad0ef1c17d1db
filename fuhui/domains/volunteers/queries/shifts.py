"""Calls, shifts and sign-ups that a viewer sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from fuhui.domains.volunteers.models import Call, Shift, SignUp
from fuhui.domains.volunteers.permissions import led_teams
from fuhui.domains.volunteers.queries.volunteers import volunteers_for
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer


def calls_for(viewer: Viewer) -> QuerySet[Call]:
    """Calls are for everybody in the community: whoever reads one may become a volunteer."""
    return Call.objects.filter(community_id__in=viewer.communities).select_related("team")


def call_for(viewer: Viewer, call_id: UUID) -> Call:
    """One call. Raises NotFound."""
    call = calls_for(viewer).filter(pk=call_id).first()
    if call is None:
        raise NotFound("call", "没有找到这个招募，或它不在您的权限范围内。")
    return call


def open_calls(viewer: Viewer, community_id: UUID) -> list[Call]:
    """Calls with a shift that is still to come, the next first; their coming shifts as `coming`. Two statements."""
    coming = Shift.objects.filter(starts_at__gt=timezone.now(), cancelled_at__isnull=True)
    found = calls_for(viewer).filter(community_id=community_id, pk__in=coming.values("call"))
    calls = list(found.prefetch_related(Prefetch("shifts", coming, to_attr="coming")))
    return sorted(calls, key=lambda call: call.coming[0].starts_at)  # type: ignore[attr-defined]


def shifts_of(call: Call) -> list[Shift]:
    """Every shift of a call by time."""
    return list(Shift.objects.filter(community_id=call.community_id, call=call).select_related("call"))


def shift_for(viewer: Viewer, shift_id: UUID) -> Shift:
    """One shift with its call. Raises NotFound."""
    shift = Shift.objects.filter(pk=shift_id, call__in=calls_for(viewer).values("pk")).select_related("call").first()
    if shift is None:
        raise NotFound("shift", "没有找到这个班次，或它不在您的权限范围内。")
    return shift


def sign_ups_for(viewer: Viewer) -> QuerySet[SignUp]:
    """Those of the volunteers the viewer sees, and for a leader all of the led team's calls."""
    found = SignUp.objects.select_related("volunteer__person", "shift__call").defer(
        "volunteer__person__id_number", "volunteer__person__phone")
    scope = Q(volunteer__in=volunteers_for(viewer).values("pk")) | Q(shift__call__team__in=led_teams(viewer))
    return found.filter(scope, community_id__in=viewer.communities)


def roster(viewer: Viewer, shift_id: UUID) -> list[SignUp]:
    """Who comes, in the order of signing up, as far as the viewer sees them."""
    return list(sign_ups_for(viewer).filter(shift=shift_id, is_live=True))


def next_shifts(viewer: Viewer, volunteer_id: UUID) -> list[SignUp]:
    """A volunteer's coming shifts, the next first."""
    found = sign_ups_for(viewer).filter(volunteer=volunteer_id, is_live=True, shift__ends_at__gt=timezone.now())
    return list(found.order_by("shift__starts_at"))
