"""Activities for programs: the list, sign-up, check-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from fuhui.domains.activities.actions.attending import check_in
from fuhui.domains.activities.actions.listing import enter_attendance_list
from fuhui.domains.activities.actions.signing import leave, sign_up
from fuhui.domains.activities.queries import TABS, activities_for, coming, seen_activity
from fuhui.domains.activities.rules.activity import OUTCOME_WORDS, Outcome, Party
from fuhui.domains.activities.tickets import ticket_of
from fuhui.shared.errors import BadInput
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer

router = Router(tags=["activities"])
MOST_ROWS = 100


class SignUpIn(Schema):
    """Who signs up. `key` is made by the client: the same key again answers the first sign-up."""

    key: UUID = Field(default_factory=new_id)
    name: str = ""
    phone: str = ""
    heads: int = Field(1, description="with the person themselves")
    for_other: bool = Field(default=False, description="the desk writes down a caller")


class CheckInIn(Schema):
    """A scan, a tap, or people who just came; `at` is the device's clock for scans that arrive late."""

    client_uuid: UUID = Field(default_factory=new_id)
    ticket: str = ""
    signup: UUID | None = None
    walk_ins: int = 0
    at: datetime | None = None


class ListIn(Schema):
    """A signed list, one person a line, and how many came without a name."""

    key: UUID = Field(default_factory=new_id)
    roll: str = ""
    unnamed: int = 0


@router.get("/activities", url_name="activities")
def activities(request: HttpRequest, community: UUID, tab: str = "open", limit: int = 50) -> dict[str, Any]:
    """What is on, soonest first; for the desk also by tab (coming, planned, ended, cancelled)."""
    viewer = _viewer(request)
    if not 1 <= limit <= MOST_ROWS:
        raise BadInput("bad_limit", f"limit 在 1 到 {MOST_ROWS} 之间。", field="limit")
    if tab == "open":
        return {"activities": [_facts(one) for one in coming(viewer, community, timezone.now(), limit)]}
    if tab not in {code for code, _, _ in TABS}:
        raise BadInput("bad_tab", "tab 是 open、coming、planned、ended、cancelled 之一。", field="tab")
    return {"activities": [_facts(one) for one in activities_for(viewer, community, tab)[:limit]]}


@router.get("/activities/{activity_id}", url_name="activities_one")
def one(request: HttpRequest, activity_id: UUID) -> dict[str, Any]:
    """One activity: a published one for everybody of the community, any for the desk. Nobody's name is in it."""
    return _facts(seen_activity(_viewer(request), activity_id))


@router.post("/activities/{activity_id}/sign-ups", url_name="activities_sign_up")
def sign_up_one(request: HttpRequest, activity_id: UUID, data: SignUpIn) -> dict[str, Any]:
    """Takes places or joins the waiting list (`state` confirmed or waiting); answers the ticket."""
    by = _viewer(request)
    seen_activity(by, activity_id)
    party = Party(name=data.name, phone=data.phone, heads=data.heads)
    return _signup(sign_up(by=by, activity_id=activity_id, party=party, request_key=data.key,
                           for_other=data.for_other))


@router.post("/activities/{activity_id}/sign-ups/{signup_id}/leave", url_name="activities_leave")
def leave_one(request: HttpRequest, activity_id: UUID, signup_id: UUID) -> dict[str, Any]:
    """Gives the places back: one's own, or the desk for a caller."""
    return _signup(leave(by=_viewer(request), activity_id=activity_id, signup_id=signup_id))


@router.post("/activities/{activity_id}/check-ins", url_name="activities_check_in")
def check_in_one(request: HttpRequest, activity_id: UUID, data: CheckInIn) -> dict[str, Any]:
    """Checks in once per `client_uuid`. A refused scan is kept and answered by its outcome, with words to say."""
    found = check_in(
        by=_viewer(request), activity_id=activity_id, client_uuid=data.client_uuid, ticket=data.ticket,
        signup_id=data.signup, walk_ins=data.walk_ins, at=data.at,
    )
    return {"id": found.pk, "outcome": found.outcome, "heads": found.heads,
            "message": OUTCOME_WORDS[Outcome(found.outcome)]}


@router.post("/activities/{activity_id}/attendance-list", url_name="activities_list")
def list_one(request: HttpRequest, activity_id: UUID, data: ListIn) -> dict[str, Any]:
    """Enters a signed list once per `key`."""
    found = enter_attendance_list(by=_viewer(request), activity_id=activity_id, roll=data.roll,
                                  unnamed=data.unnamed, request_key=data.key)
    return {"heads": found.heads, "residents": found.residents, "unknown": found.unknown, "again": found.again}


def _facts(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "community": row.community_id, "title": row.title, "kind": row.kind, "text": row.text,
        "place": row.place, "starts_at": row.starts_at, "ends_at": row.ends_at, "capacity": row.capacity,
        "taken": row.taken, "state": row.state, "organiser": row.organiser_id, "reason": row.reason,
    }


def _signup(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "state": row.state, "heads": row.heads, "offered_until": row.offered_until,
            "ticket": ticket_of(row.community_id, row.pk)}


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found
