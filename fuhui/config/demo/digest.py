"""What a loaded demo consists of, as one figure: equal figures mean equal demos."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from fuhui.domains.activities.models import Activity, Member, Photo, Vote
from fuhui.domains.cases.models import Case, CaseStep
from fuhui.domains.volunteers.models import Volunteer
from fuhui.domains.wishes.models import Wish
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Person
from fuhui.registry.places.models import Building
from fuhui.registry.places.queries import open_communities
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import system


def digest() -> str:
    """Hex digits over every case's title, state, category and place, every step, person, building and organisation,
    every service in the book, volunteer, activity, entry of a sports meeting, vote, photo and wish."""
    communities = tuple(open_communities().values_list("id", flat=True))
    with acting(system("demo-digest", *communities)):
        parts: tuple[Iterable[object], ...] = (
            Case.objects.order_by("number").values_list(
                "title", "state", "priority", "category__code", "building__name", "handler_name", "reporter_count"
            ),
            sorted(Counter(CaseStep.objects.values_list("case__title", "step", "actor_name", "note")).items()),
            Person.objects.order_by("name", "birth_date", "sex").values_list("name", "birth_date", "sex"),
            Building.objects.order_by("area", "name").values_list("area", "name", "longitude", "latitude"),
            Organisation.objects.order_by("name").values_list("name", "kind"),
            Activity.objects.order_by("starts_at", "title").values_list("title", "state", "capacity", "taken"),
            ServiceRecord.objects.order_by("day", "title", "got_heads").values_list(
                "day", "title", "got_heads", "got_named", "gave_heads", "gave_minutes"
            ),
            sorted(ServicePart.objects.filter(person__isnull=False).values_list("day", "side", "person__name")),
            Volunteer.objects.order_by("number").values_list("number", "person__name", "skills"),
            sorted(map(repr, Member.objects.values_list(
                "contest__title", "entry__team", "born", "entry__heat", "entry__lane", "entry__result"
            ))),
            sorted(Counter(Vote.objects.values_list("work__title", "work__author")).items()),
            Photo.objects.order_by("words", "consent").values_list("words", "consent"),
            Wish.objects.order_by("title", "entered_at").values_list("title", "state", "pledged", "thanks"),
        )
        total = hashlib.sha256()
        for part in parts:
            for row in part:
                total.update(repr(row).encode())
    return total.hexdigest()


def counts() -> dict[str, int]:
    """Cases by state in all communities of the demo."""
    communities = tuple(open_communities().values_list("id", flat=True))
    with acting(system("demo-digest", *communities)):
        return dict(sorted(Counter(Case.objects.values_list("state", flat=True)).items()))
