"""The list of volunteers, one registration, its form, the volunteer's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fuhui.domains.volunteers.actions.registering import change_registration, register_volunteer, set_state
from fuhui.domains.volunteers.permissions import is_office, may_list, may_register
from fuhui.domains.volunteers.queries import teams, volunteers
from fuhui.domains.volunteers.queries.opportunities import opportunities, sign_ups_around
from fuhui.domains.volunteers.rules.registration import (
    FREE_TIMES,
    GUARDIAN_RELATIONS,
    JOINING_WORDS,
    SKILLS,
    STATE_WORDS,
    JoiningState,
    VolunteerState,
    age_note,
)
from fuhui.domains.volunteers.web.entry import entry_of, form_of
from fuhui.domains.volunteers.web.hours import own_hours
from fuhui.registry.people.queries import grid_of, people_for, person_for
from fuhui.registry.places.web.chosen import chosen_community, chosen_community_id
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.ui.format import Tone, day, when
from fuhui.shared.ui.shapes import chip, row
from fuhui.shared.viewers import Viewer

SHOWN = 200
_TONES: dict[str, Tone] = {
    VolunteerState.ACTIVE: "done", VolunteerState.PAUSED: "soon", VolunteerState.ENDED: "neutral",
}


@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Volunteers by number, filtered by skill and words."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_list(viewer, community.id).require()
    words, skill = text(request.GET, "q", 30), text(request.GET, "skill", 20)
    found = volunteers.found_volunteers(viewer, community.id, words=words, skill=skill, state="")
    chips = [chip("全部", "?", on=not skill)]
    chips += [chip(name, f"?skill={key}", on=key == skill) for key, name in SKILLS.items()]
    return render(request, "volunteers/list.html", {
        "community": community, "q": words, "chips": chips, "rows": [_row(one) for one in found[:SHOWN]],
        "count": found.count(), "shown": SHOWN, "filtered": bool(words or skill),
        "office": is_office(viewer, community.id),
    })


def _row(one: volunteers.Volunteer) -> Any:
    state = VolunteerState(one.state)
    return row(
        one.person.name, href=reverse("volunteers:volunteer", args=[one.pk]), meta=one.number,
        sub=_words(one.skills, SKILLS) or "技能未填", pill=STATE_WORDS[state], tone=_TONES[state],
        lead=one.person.name[:1], id=str(one.pk),
    )


def _words(keys: list[str], names: dict[str, str]) -> str:
    return "、".join(names.get(key, key) for key in keys)


@signed_in
def volunteer(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """One registration with teams."""
    viewer = viewer_of(request)
    return render(request, "volunteers/volunteer.html", _shown(viewer, volunteers.volunteer_for(viewer, volunteer_id)))


def _shown(viewer: Viewer, one: volunteers.Volunteer) -> dict[str, Any]:
    return _registration(viewer, one, teams.joinings_of(viewer, one.pk)) | {
        "teams": [(str(line.id), line.name) for line in teams.teams_for(viewer, one.community_id)]}


def _registration(viewer: Viewer, one: volunteers.Volunteer, joined: list[Any]) -> dict[str, Any]:
    age = volunteers.age_of(one)
    return {
        "one": one, "facts": _facts(one), "note": age_note(age) if age is not None else "",
        "state": STATE_WORDS[VolunteerState(one.state)], "tone": _TONES[VolunteerState(one.state)],
        "may": may_register(viewer, one.community_id, one.person_id, one.grid_id),
        "states": [(key.value, word) for key, word in
                   ((VolunteerState.ACTIVE, "恢复服务"), (VolunteerState.PAUSED, "暂停一段时间"),
                    (VolunteerState.ENDED, "退出志愿服务")) if key != one.state],
        "joinings": [_joining(joining) for joining in joined],
        "own": viewer.person_id == one.person_id,
    }


def _facts(one: volunteers.Volunteer) -> list[tuple[str, str]]:
    relation = GUARDIAN_RELATIONS.get(one.guardian_relation, "")
    guardian = f"{one.guardian_name}（{relation}），{day(one.guardian_agreed_on)}同意"
    pairs = [
        ("志愿者编号", one.number), ("登记日期", day(one.joined_on)), ("所在网格", one.grid.name if one.grid else ""),
        ("技能", _words(one.skills, SKILLS)), ("兴趣", one.interests), ("空闲时间", _words(one.free_times, FREE_TIMES)),
        ("党员双报到", f"{one.party_unit}，{day(one.party_since)}报到" if one.party_unit else ""),
        ("监护人", guardian if one.guardian_name else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def _joining(joining: Any) -> dict[str, Any]:
    state = JoiningState(joining.state)
    return {
        "id": joining.pk, "team": joining.team.name, "word": JOINING_WORDS[state], "reason": joining.reason,
        "live": state in {JoiningState.ASKED, JoiningState.CONFIRMED},
        "tone": "done" if state is JoiningState.CONFIRMED else "neutral",
    }


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """The volunteer's own page; who is none yet is led to the registration."""
    viewer, community = viewer_of(request), chosen_community_id(request)
    one = volunteers.own_registration(viewer, community)
    if one is None:
        return render(request, "volunteers/me_none.html", {"linked": viewer.person_id is not None})
    joined, now = teams.joinings_of(viewer, one.pk), timezone.now()
    own = sign_ups_around(one, now)
    shown = _registration(viewer, one, joined) | own_hours(viewer, community)
    return render(request, "volunteers/me.html", shown | {
        "next_shifts": [
            row(coming.shift.call.title, href=reverse("volunteers:call", args=[coming.shift.call_id]),
                sub=coming.shift.call.place, meta=when(coming.shift.starts_at))
            for coming in own if coming.is_live and coming.shift.ends_at > now
        ],
        "suited": [
            row(found.shift.call.title, href=reverse("volunteers:call", args=[found.shift.call_id]),
                sub=found.match.reason, meta=when(found.shift.starts_at), note=found.shift.call.place)
            for found in opportunities(one, joined, own, now)
        ],
    })


@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """Staff look for the resident who wants to be a volunteer."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_list(viewer, community.id).require()
    words = text(request.GET, "q", 30)
    people = people_for(viewer, community_id=community.id, words=words, limit=20).people if words else []
    return render(request, "volunteers/choose.html", {
        "q": words, "rows": [row(one.name, href=reverse("volunteers:register", args=[one.pk]), sub=_place(one),
                                 lead=one.name[:1]) for one in people],
    })


def _place(person: Any) -> str:
    home = person.household.home if person.household else None
    return str(home) if home else (person.phone_tail and f"电话尾号 {person.phone_tail}") or "住址未登记"


@signed_in
def join(request: HttpRequest) -> HttpResponse:
    """A resident registers themselves."""
    viewer = viewer_of(request)
    if viewer.person_id is None:
        return redirect("volunteers:me")
    return register(request, viewer.person_id)


@signed_in
def register(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The form of a new registration."""
    viewer = viewer_of(request)
    person = person_for(viewer, person_id)
    may_register(viewer, person.community_id, person.pk, grid_of(person.household)).require()
    known = volunteers.registration_of(viewer, person.pk)
    if known and request.method != "POST":
        messages.info(request, "已经登记过了，可以在这里修改。")
        return redirect("volunteers:volunteer", known.pk)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = register_volunteer(by=viewer, person_id=person.pk, entry=entry_of(request))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, f"登记好了，编号 {made.number}。")
            return redirect("volunteers:me" if viewer.person_id == person.pk else made_page(made.pk))
    return _form(request, person.name, None, errors)


def made_page(volunteer_id: UUID) -> str:
    """The page of a registration."""
    return reverse("volunteers:volunteer", args=[volunteer_id])


@signed_in
def edit(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """The form of a registration that is there."""
    viewer = viewer_of(request)
    one = volunteers.volunteer_for(viewer, volunteer_id)
    may_register(viewer, one.community_id, one.person_id, one.grid_id).require()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            change_registration(by=viewer, volunteer_id=one.pk, entry=entry_of(request), seen=text(
                request.POST, "seen", 20))
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, "已保存。")
            return redirect("volunteers:volunteer", one.pk)
    return _form(request, one.person.name, one, errors)


def _form(
    request: HttpRequest, name: str, one: volunteers.Volunteer | None, errors: dict[str, str]
) -> HttpResponse:
    return render(request, "volunteers/form.html", form_of(request, one, errors) | {
        "name": name, "one": one, "seen": volunteers.stamp(one) if one else "",
    }, status=422 if errors else 200)


@signed_in
@require_POST
def change_state(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """Pause, end, resume."""
    volunteers.volunteer_for(viewer_of(request), volunteer_id)
    wanted = next((one for one in VolunteerState if one.value == request.POST.get("state")), None)
    if wanted is None:
        raise BadInput("state", "请选择要改成什么状态。", field="state")
    one = set_state(by=viewer_of(request), volunteer_id=volunteer_id, state=wanted)
    messages.success(request, f"已改为“{STATE_WORDS[wanted]}”，服务记录都保留。")
    return redirect("volunteers:volunteer", one.pk)
