"""Who of the register stands on a roll."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from fuhui.registry.people.queries.people import phone_index_of
from fuhui.registry.people.queries.scope import living_people
from fuhui.registry.people.rules.roll import RollLine
from fuhui.shared.viewers import Viewer


def people_on_roll(viewer: Viewer, community_id: UUID, lines: Sequence[RollLine]) -> dict[int, UUID]:
    """The residents that the lines name, by the lines' numbers; two statements however long the roll is.

    With a phone name and phone must agree; without one the name must be that of exactly one resident. Nobody is
    guessed: a line that is not certain is left out.
    """
    return {**_by_phone(viewer, community_id, lines), **_by_name(viewer, community_id, lines)}


def _by_phone(viewer: Viewer, community_id: UUID, lines: Sequence[RollLine]) -> dict[int, UUID]:
    wanted = {line.number: (phone_index_of(line.phone), line.name) for line in lines if line.phone}
    if not wanted:
        return {}
    found = living_people(viewer).filter(
        community_id=community_id, phone_index__in={index for index, _ in wanted.values()}
    )
    known: dict[tuple[bytes, str], UUID] = {}
    for pk, name, index in found.order_by("pk").values_list("pk", "name", "phone_index"):
        known.setdefault((bytes(index or b""), name), pk)
    return {number: known[key] for number, key in wanted.items() if key in known}


def _by_name(viewer: Viewer, community_id: UUID, lines: Sequence[RollLine]) -> dict[int, UUID]:
    names = {line.name for line in lines if not line.phone}
    if not names:
        return {}
    found = living_people(viewer).filter(community_id=community_id, name__in=names)
    rows = list(found.values_list("name", "pk"))
    often = Counter(name for name, _ in rows)
    only = {name: pk for name, pk in rows if often[name] == 1}
    return {line.number: only[line.name] for line in lines if not line.phone and line.name in only}
