"""Teams, who waits for the leader, who belongs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.domains.volunteers.actions.registering_list import Registered, register_list
from fuhui.domains.volunteers.actions.teams import ask_to_join, decide_joining, leave_team
from fuhui.domains.volunteers.permissions import may_decide, may_lead, may_register_list
from fuhui.domains.volunteers.queries import teams
from fuhui.domains.volunteers.queries.volunteers import own_registration, volunteer_for
from fuhui.domains.volunteers.rules.registration import JoiningState
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken
from fuhui.shared.ui.format import day
from fuhui.shared.ui.shapes import row
from fuhui.shared.viewers import Viewer


@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """All teams of the community with their sizes."""
    viewer, community = viewer_of(request), chosen_community(request)
    rows = [
        row(line.name, href=reverse("volunteers:team", args=[line.id]), lead=line.name[:1],
            sub=f"联系人 {line.contact}" if line.contact else "联系人未填", meta=f"{line.members} 人",
            pill=f"{line.waiting} 人等确认" if line.waiting else "", tone="soon")
        for line in teams.teams_for(viewer, community.id)
    ]
    return render(request, "volunteers/teams.html", {"community": community, "rows": rows})


@signed_in
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team: for its leader who waits and who belongs, for a volunteer the way in."""
    return _team(request, team_id, {})


def _team(request: HttpRequest, team_id: UUID, errors: dict[str, str]) -> HttpResponse:
    viewer = viewer_of(request)
    one = teams.team_for(viewer, team_id)
    lead = may_lead(viewer, one.community_id, one.id)
    found = teams.members_of_team(viewer, team_id)
    own = own_registration(viewer, one.community_id)
    return render(request, "volunteers/team.html", {
        "team": one, "lead": lead, "errors": errors, "own": own,
        "list": may_register_list(viewer, one.community_id).allowed,
        "asked": [_line(viewer, joining) for joining in found if joining.state == JoiningState.ASKED],
        "members": [_line(viewer, joining) for joining in found if joining.state == JoiningState.CONFIRMED],
        "mine": next((_line(viewer, joining) for joining in found if own and joining.volunteer_id == own.pk), None),
    }, status=409 if errors else 200)


def _line(viewer: Viewer, joining: Any) -> dict[str, Any]:
    return {
        "id": joining.pk, "name": joining.volunteer.person.name, "number": joining.volunteer.number,
        "page": reverse("volunteers:volunteer", args=[joining.volunteer_id]), "since": day(joining.decided_at),
        "asked": day(joining.asked_at), "confirmed": joining.state == JoiningState.CONFIRMED,
        "decide": may_decide(viewer, joining.community_id, joining.team_id, joining.volunteer.person_id),
    }


@signed_in
def enter_list(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The office enters a team's signed list."""
    viewer = viewer_of(request)
    one = teams.team_for(viewer, team_id)
    may_register_list(viewer, one.community_id).require()
    errors: dict[str, str] = {}
    found: Registered | None = None
    if request.method == "POST":
        try:
            found = register_list(by=viewer, team_id=team_id, roll=text(request.POST, "roll", 60_000),
                                  agreed=bool(request.POST.get("agreed")))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
    typed = request.POST.get("roll", "").replace("\x00", "")
    left = [name for name, _ in found.left_out] if found else []
    kept = "\n".join(line for line in typed.splitlines() if any(name in line for name in left)) if found else typed
    return render(request, "volunteers/enter_list.html", {
        "team": one, "errors": errors, "found": found, "roll": kept,
    }, status=422 if errors else 200)


@signed_in
@require_POST
def ask(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """A volunteer asks to belong to a team."""
    volunteer_for(viewer_of(request), volunteer_id)
    try:
        team_id = key(request.POST, "team_id", "队伍")
        if team_id is None:
            raise BadInput("team_id", "请选择一支队伍。", field="team_id")
        row = ask_to_join(by=viewer_of(request), volunteer_id=volunteer_id, team_id=team_id)
    except (BadInput, RuleBroken) as error:
        messages.error(request, error.message)
        return redirect("volunteers:volunteer", volunteer_id)
    messages.success(request, "申请已送出，等队长确认。")
    return redirect("volunteers:team", row.team_id)


@signed_in
@require_POST
def decide(request: HttpRequest, joining_id: UUID) -> HttpResponse:
    """The leader's answer."""
    viewer, wanted = viewer_of(request), request.POST.get("answer") == "yes"
    try:
        row = decide_joining(by=viewer, joining_id=joining_id, confirm=wanted, reason=text(request.POST, "reason"))
    except (BadInput, RuleBroken) as error:
        return _again(request, joining_id, error)
    messages.success(request, "已入队。" if wanted else "已回复不同意，本人能看到原因。")
    return redirect("volunteers:team", row.team_id)


@signed_in
@require_POST
def leave(request: HttpRequest, joining_id: UUID) -> HttpResponse:
    """A member leaves."""
    try:
        row = leave_team(by=viewer_of(request), joining_id=joining_id, reason=text(request.POST, "reason"))
    except (BadInput, RuleBroken) as error:
        return _again(request, joining_id, error)
    messages.success(request, "已退队，以前的服务记录都保留。")
    return redirect("volunteers:team", row.team_id)


def _again(request: HttpRequest, joining_id: UUID, error: PeopleError) -> HttpResponse:
    found = teams.joinings_for(viewer_of(request)).get(pk=joining_id)
    return _team(request, found.team_id, errors_of(error))
