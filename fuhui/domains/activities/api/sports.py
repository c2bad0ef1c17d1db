"""Sports meetings for programs: events, entries of people and teams, the draw, results."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from fuhui.domains.activities.actions import competing, contests
from fuhui.domains.activities.permissions import is_desk
from fuhui.domains.activities.queries import contests_of, places_in, seen_activity
from fuhui.domains.activities.rules.sports import EVERYBODY, Group, groups_words
from fuhui.domains.activities.rules.teams import Competitor
from fuhui.shared.ui.format import mask_name
from fuhui.shared.viewers import Viewer

router = Router(tags=["activities"])


class EventIn(Schema):
    """An event. `groups` one a line as on the page: `老人组 60以上`; none is one group for all."""

    title: str
    measure: str = Field(description="time, length or points")
    lanes: int = Field(6, description="how many people or teams start at once")
    team_size: int = Field(1, description="1: everybody alone")
    groups: str = ""


class PersonIn(Schema):
    """Somebody who competes. Year of birth and sex may be left out where the register knows the name and phone."""

    name: str
    phone: str = ""
    born: int = 0
    sex: str = Field(default="", description="female, male, or empty")
    agreed: bool = Field(default=False, description="the full name may be published")


class EntryIn(Schema):
    """One person, or a team with a name. `sign_up`: the own sign-up for the meeting; the desk may leave it out."""

    team: str = ""
    people: list[PersonIn] = Field(default_factory=list, max_length=20)
    sign_up: UUID | None = None


class OwnIn(Schema):
    """`sign_up`: the own sign-up; the desk may leave it out."""

    sign_up: UUID | None = None


class LimitIn(Schema):
    """How many events one person may enter."""

    most: int


class ResultsIn(Schema):
    """By entry: `12.35`, `1:02.50`, `2.15`, `弃权`; an empty one takes a result back."""

    results: dict[UUID, str] = Field(default_factory=dict, max_length=400)


@router.get("/activities/{activity_id}/contests", url_name="activities_contests")
def events(request: HttpRequest, activity_id: UUID) -> dict[str, Any]:
    """The events with who is in them, heats, results and places. Names in full for the desk and where agreed."""
    viewer = _viewer(request)
    activity = seen_activity(viewer, activity_id)
    is_full = is_desk(viewer, activity.community_id)
    return {"contests_each": activity.contests_each,
            "contests": [_event(contest) | {"entries": _entries(contest, entries, is_full=is_full)}
                         for contest, entries in contests_of(activity)]}


@router.post("/activities/{activity_id}/contests", url_name="activities_contest_add")
def add(request: HttpRequest, activity_id: UUID, data: EventIn) -> dict[str, Any]:
    """Adds an event: the desk."""
    return _event(contests.add_contest(by=_here(request, activity_id), activity_id=activity_id, event=_read(data)))


@router.post("/activities/{activity_id}/contests/{contest_id}", url_name="activities_contest_edit")
def edit(request: HttpRequest, activity_id: UUID, contest_id: UUID, data: EventIn) -> dict[str, Any]:
    """Changes an event: groups and team size until somebody is in it, the rest until there is a result."""
    return _event(contests.edit_contest(by=_here(request, activity_id), activity_id=activity_id,
                                        contest_id=contest_id, event=_read(data)))


@router.post("/activities/{activity_id}/contests/{contest_id}/remove", url_name="activities_contest_remove")
def remove(request: HttpRequest, activity_id: UUID, contest_id: UUID) -> dict[str, Any]:
    """Takes out an event in which nobody is."""
    row = contests.remove_contest(by=_here(request, activity_id), activity_id=activity_id, contest_id=contest_id)
    return {"id": row.pk, "removed_at": row.removed_at}


@router.post("/activities/{activity_id}/contest-limit", url_name="activities_contest_limit")
def limit(request: HttpRequest, activity_id: UUID, data: LimitIn) -> dict[str, Any]:
    """How many events one person may enter."""
    row = contests.limit_contests(by=_here(request, activity_id), activity_id=activity_id, most=data.most)
    return {"contests_each": row.contests_each}


@router.post("/activities/{activity_id}/contests/{contest_id}/entries", url_name="activities_entry_add")
def enter(request: HttpRequest, activity_id: UUID, contest_id: UUID, data: EntryIn) -> dict[str, Any]:
    """Enters one person, or a team: more than one in `people`, or `team` given."""
    by, people = _here(request, activity_id), [Competitor(**one.dict()) for one in data.people]
    where: dict[str, Any] = {"by": by, "activity_id": activity_id, "contest_id": contest_id, "signup_id": data.sign_up}
    if data.team or len(people) != 1:
        row = competing.enter_team(team=data.team, members=people, **where)
    else:
        row = competing.enter_contest(who=people[0], **where)
    return {"id": row.pk, "name": row.name, "group": row.group}


@router.post("/activities/{activity_id}/entries/{entry_id}/withdraw", url_name="activities_entry_withdraw")
def withdraw(request: HttpRequest, activity_id: UUID, entry_id: UUID, data: OwnIn) -> dict[str, Any]:
    """Takes a person or a team out before there is a result."""
    row = competing.withdraw_entry(by=_here(request, activity_id), activity_id=activity_id, entry_id=entry_id,
                                   signup_id=data.sign_up)
    return {"id": row.pk, "withdrawn_at": row.withdrawn_at}


@router.post("/activities/{activity_id}/contests/{contest_id}/draw", url_name="activities_contest_draw")
def draw(request: HttpRequest, activity_id: UUID, contest_id: UUID) -> dict[str, Any]:
    """Draws heats and lanes."""
    by = _here(request, activity_id)
    return {"starting": contests.draw_heats(by=by, activity_id=activity_id, contest_id=contest_id)}


@router.post("/activities/{activity_id}/contests/{contest_id}/results", url_name="activities_contest_results")
def results(request: HttpRequest, activity_id: UUID, contest_id: UUID, data: ResultsIn) -> dict[str, Any]:
    """Writes results down, all or none."""
    by = _here(request, activity_id)
    return {"changed": competing.record_results(by=by, activity_id=activity_id, contest_id=contest_id,
                                                results=data.results)}


def _event(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "measure": row.measure, "lanes": row.lanes, "team_size": row.team_size,
        "seed": row.seed, "groups": groups_words(Group(**one) for one in row.groups),
    }


def _entries(contest: Any, entries: Any, *, is_full: bool) -> list[dict[str, Any]]:
    """`result` in hundredths of a second, a metre or a point; `place` 0 without one."""
    places = places_in(contest, entries)
    return [
        {"id": one.pk, "team": one.team, "group": "" if one.group == EVERYBODY else one.group, "heat": one.heat,
         "lane": one.lane, "result": one.result, "absent": one.absent, "place": places.get(one.pk, 0),
         "people": [who.name if is_full or who.agreed else mask_name(who.name) for who in one.people]}
        for one in entries
    ]


def _read(data: EventIn) -> contests.Event:
    return contests.Event(**data.dict())


def _here(request: HttpRequest, activity_id: UUID) -> Viewer:
    """The viewer, who may see the activity. Raises NotFound."""
    viewer = _viewer(request)
    seen_activity(viewer, activity_id)
    return viewer


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found
