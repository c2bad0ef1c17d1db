"""The form of a registration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from fuhui.domains.volunteers.queries.volunteers import Volunteer
from fuhui.domains.volunteers.rules.registration import FREE_TIMES, GUARDIAN_RELATIONS, SKILLS, VolunteerEntry
from fuhui.registry.places.web.entry import day, text

_WORDS = ("interests", "party_unit", "party_since", "guardian_name", "guardian_relation", "guardian_agreed_on")


def entry_of(request: HttpRequest) -> VolunteerEntry:
    """What was typed. Raises BadInput for a date that is none."""
    post = request.POST
    return VolunteerEntry(
        skills=post.getlist("skills"), free_times=post.getlist("free_times"), interests=text(post, "interests", 100),
        party_unit=text(post, "party_unit", 60), party_since=day(post, "party_since", "报到日期"),
        guardian_name=text(post, "guardian_name", 30), guardian_relation=text(post, "guardian_relation", 12),
        guardian_agreed_on=day(post, "guardian_agreed_on", "监护人同意日期"), agreed=bool(post.get("agreed")),
    )


def form_of(request: HttpRequest, row: Volunteer | None, errors: dict[str, str]) -> dict[str, Any]:
    """The form's values: as typed where it came back, else those of the registration."""
    choices = {
        "skill_options": list(SKILLS.items()), "time_options": list(FREE_TIMES.items()),
        "relations": [("", "请选择"), *GUARDIAN_RELATIONS.items()], "errors": errors,
    }
    if request.method == "POST":
        post = request.POST
        return choices | {
            "values": {name: post.get(name, "") for name in (*_WORDS, "agreed")},
            "skills": post.getlist("skills"), "free_times": post.getlist("free_times"),
        }
    return choices | {
        "values": {name: str(getattr(row, name, "") or "") for name in _WORDS} | {"agreed": "on" if row else ""},
        "skills": row.skills if row else [], "free_times": row.free_times if row else [],
    }
