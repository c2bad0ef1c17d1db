"""Residents and whole households found by name, building or phone, as options of a form that works without scripts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from fuhui.registry.people.queries import homes_of, names_of, people_for
from fuhui.registry.people.web.shown import place_text
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer

_MOST = 8


@dataclass(frozen=True)
class Found:
    """Options (id, words) of persons and of households, chosen ones first; `missed` are the words nobody answers to."""

    people: list[tuple[str, str]]
    homes: list[tuple[str, str]]
    missed: str = ""


def chosen(post: QueryDict, name: str, field: str) -> list[UUID]:
    """The ids ticked under a name, each once. Raises BadInput for what is none."""
    try:
        return [UUID(one) for one in dict.fromkeys(post.getlist(name))]
    except ValueError as error:
        raise BadInput(field, "请从找到的名单里选择。", field=field) from error


def members(viewer: Viewer, community: UUID, homes: list[UUID]) -> list[UUID]:
    """Everybody of the households, in their order. Raises BadInput where nobody of one is known to the viewer."""
    found = homes_of(viewer, community, homes) if homes else {}
    if len(found) != len(homes):
        raise BadInput("served", "有一户现在没有登记在住的居民。请去掉这一户，改选居民或只写人数。", field="served")
    return [person.pk for home in homes for person in found[home]]


def found_people(viewer: Viewer, community: UUID, values: QueryDict, side: str) -> Found:
    """The options of one side of the form (`gave`, `got`): those ticked before, and what its words find."""
    words = values.get(f"q_{side}", "").replace("\x00", "").strip()[:30]
    hits = list(people_for(viewer, community_id=community, words=words, limit=_MOST).people) if words else []
    ticked = _ids(values.getlist(side))
    names = names_of(viewer, ticked) if ticked else {}
    people = {str(one): names[one] for one in ticked if one in names}
    for person in hits:
        people[str(person.pk)] = f"{person.name}（{place_text(person.household)}）"
    homes = _homes(viewer, community, _ids(values.getlist("home")), hits) if side == "got" else []
    return Found(list(people.items()), homes, "" if hits else words)


def _homes(viewer: Viewer, community: UUID, ticked: list[UUID], hits: list[Any]) -> list[tuple[str, str]]:
    """A household of one is the resident already found, so it is offered only where it was ticked."""
    wanted = list(dict.fromkeys([*ticked, *(one.household_id for one in hits if one.household_id)]))
    found = homes_of(viewer, community, wanted) if wanted else {}
    return [
        (str(home), _home_words(found[home])) for home in wanted
        if home in found and (len(found[home]) > 1 or home in ticked)
    ]


def _home_words(people: list[Any]) -> str:
    return f"{place_text(people[0].household)} 全家 {len(people)} 人：{'、'.join(one.name for one in people)}"


def _ids(values: Iterable[str]) -> list[UUID]:
    found = []
    for value in dict.fromkeys(values):
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
