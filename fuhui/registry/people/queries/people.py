"""Lists of people: search, paging by keyset, who may be the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from fuhui.registry.people.models import AttributeCard, CardCategory, Consent, Household, MergeTrace, Person
from fuhui.registry.people.permissions import sees_everything_of
from fuhui.registry.people.queries.scope import PLACE, living_people, seen_households, seen_people
from fuhui.registry.people.rules.address import parse_address
from fuhui.registry.people.rules.contact import normal_phone
from fuhui.registry.people.rules.identity import looks_like_identity, plain_identity
from fuhui.registry.people.rules.words import PersonStatus
from fuhui.registry.places.rules.names import area_key, building_key, room_key, unit_key
from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer

PAGE = 50
_BUILDING = re.compile(
    r"(?P<area>[^\dA-Za-z]*?)(?P<name>[A-Za-z]?\d+[A-Za-z]?|[A-Za-z]|[一二三四五六七八九十百]+)(?:号楼|栋|幢|座|楼|#)"
)


class PeoplePage(NamedTuple):
    """One page of people in the order of name; `after` is the cursor of the next one, '' at the end."""

    people: Sequence[Person]
    after: str


def people_for(
    viewer: Viewer,
    *,
    community_id: UUID,
    words: str = "",
    grid_id: UUID | None = None,
    category: str = "",
    status: str = "",
    after: str = "",
    limit: int = PAGE,
) -> PeoplePage:
    """People the viewer sees, with place and running cards. Three statements; page 2,000 costs what page 1 does.

    `words`: parts of a name, a building or address, the last four digits of a phone, a whole phone or identity
    number. Raises BadInput for a cursor that is none.
    """
    found = living_people(viewer).filter(community_id=community_id).filter(*map(_matches, words.split()[:5]))
    if grid_id:
        households = Household.objects.filter(community_id=community_id).filter(
            Q(home__building__grid=grid_id) | Q(home__isnull=True, grid=grid_id)
        )
        found = found.filter(household__in=households.values("pk"))
    if category:
        cards = AttributeCard.objects.filter(community_id=community_id, category__code=category, until__isnull=True)
        if not sees_everything_of(viewer, community_id):
            cards = cards.filter(category__for_health=True)  # a filter must not tell what the page hides
        found = found.filter(pk__in=cards.values("person"))
    if status:
        found = found.filter(status=status)
    return _page(found, after, limit)


def _page(found: QuerySet[Person], after: str, limit: int) -> PeoplePage:
    if after:
        name, key = _cursor(after)
        found = found.filter(name__gte=name).exclude(name=name, pk__lte=key)
    cards = AttributeCard.objects.filter(until__isnull=True).select_related("category").order_by("category__order")
    rows = list(
        found.select_related(*PLACE, "household__grid")
        .order_by("name", "pk")
        .prefetch_related(Prefetch("cards", cards, to_attr="running_cards"))[: limit + 1]
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return PeoplePage(rows[:limit], f"{last.pk}{last.name}" if last else "")


def _cursor(text: str) -> tuple[str, UUID]:
    try:
        return text[36:], UUID(text[:36])
    except ValueError as error:
        raise BadInput("cursor", "这个翻页地址不完整，请从第一页重新开始。") from error


def _matches(word: str) -> Q:
    """What one word of a search may mean."""
    if looks_like_identity(word):
        return Q(id_index=id_index_of(plain_identity(word)))
    phone = normal_phone(word)
    if phone:
        return Q(phone_index=phone_index_of(phone))
    door = parse_address(word)
    if door:
        place = Q(
            household__home__building__name__in=building_names(door.building), household__home__room=room_key(door.room)
        )
        return place & Q(household__home__unit=unit_key(door.unit)) if door.unit else place
    if word.isdigit() and len(word) == 4:
        return Q(phone_tail=word) | Q(household__home__room=word)
    if word.isdigit():
        return Q(household__home__building__name__in=building_names(word)) | Q(household__home__room=word)
    if block := _BUILDING.fullmatch(word):
        named = Q(household__home__building__name__in=building_names(block["name"]))
        return named & Q(household__home__building__area__contains=area_key(block["area"])) if block["area"] else named
    return Q(name__contains=word) | Q(household__home__building__area__contains=area_key(word))


def building_names(text: str) -> list[str]:
    """The ways in which the same building's name may stand in the table of buildings."""
    key = building_key(text)
    return list(dict.fromkeys([text, key, f"{key}号楼", f"{key}栋", f"{key}幢", f"{key}座", f"{key}楼", f"{key}#"]))


def id_index_of(number: str) -> bytes:
    """Blind index of an identity number in 18-digit form."""
    return blind_index(number, context="people.id_number")


def phone_index_of(phone: str) -> bytes:
    """Blind index of a phone in plain digits (`rules.contact.normal_phone`)."""
    return blind_index(phone, context="people.phone")


def people_by_phone(viewer: Viewer, community_id: UUID, phone: str) -> list[Person]:
    """People of a community with this first phone, for linking a caller; at most 20. Empty for no phone at all."""
    digits = normal_phone(phone)
    if not digits:
        return []
    found = living_people(viewer).filter(community_id=community_id, phone_index=phone_index_of(digits))
    return list(found.select_related(*PLACE)[:20])


def same_home(viewer: Viewer, household_id: UUID | None) -> list[Person]:
    """Everybody of a household, head first."""
    if household_id is None:
        return []
    people = living_people(viewer).filter(household=household_id).order_by("birth_date", "pk")
    return sorted(people, key=lambda person: person.relation != "户主")


def homes_of(viewer: Viewer, community_id: UUID, household_ids: Iterable[UUID]) -> dict[UUID, list[Person]]:
    """Who lives in these households today, head first, as far as the viewer sees them; with their place."""
    people = living_people(viewer).filter(
        community_id=community_id, household__in=list(household_ids), status=PersonStatus.ACTIVE
    )
    homes: dict[UUID, list[Person]] = {}
    for person in people.select_related(*PLACE).order_by("birth_date", "pk"):
        if person.household_id:
            homes.setdefault(person.household_id, []).append(person)
    return {home: sorted(found, key=lambda person: person.relation != "户主") for home, found in homes.items()}


def born_same_day(viewer: Viewer, person: Person) -> list[Person]:
    """People of the community with the same birth date and surname, for finding a record under a misspelt name."""
    if person.birth_date is None:
        return []
    alike = living_people(viewer).filter(community_id=person.community_id, birth_date=person.birth_date)
    return list(alike.filter(name__startswith=person.name[:1]).exclude(pk=person.pk).select_related(*PLACE)[:10])


def households_at(viewer: Viewer, home_id: UUID) -> list[Household]:
    """Households behind one door with the number of their people."""
    return list(seen_households(viewer).filter(home=home_id).annotate(size=Count("people")))


def cards_of(person: Person, *, health_only: bool = False) -> list[AttributeCard]:
    """Every card of a person, running ones first; `health_only` leaves those the health post may see."""
    cards = AttributeCard.objects.filter(person=person.pk).select_related("category")
    if health_only:
        cards = cards.filter(category__for_health=True)
    return sorted(cards, key=lambda card: (card.until is not None, card.category.order))


def consents_of(person: Person) -> list[Consent]:
    """The consent log of a person and of everybody merged into them, latest first. The log itself never moves."""
    return list(Consent.objects.filter(Q(person=person.pk) | Q(person__merged_into=person.pk)).order_by("-at", "-id"))


def consent_state(person: Person) -> dict[str, Consent]:
    """The last line of the log for each purpose."""
    latest: dict[str, Consent] = {}
    for line in consents_of(person):
        latest.setdefault(line.purpose, line)
    return latest


def merges_of(person: Person) -> list[MergeTrace]:
    """What was merged into this person, latest first."""
    return list(MergeTrace.objects.filter(kept=person.pk).select_related("merged").order_by("-at"))


def history_of(person: Person) -> list[dict[str, object]]:
    """Former versions of a person's row, latest first, at most 30. Encrypted columns are not in the history."""
    events = person.events.order_by("-pgh_id")[:30]  # type: ignore[attr-defined]
    return list(
        events.values(
            "pgh_created_at",
            "updated_by",
            "name",
            "sex",
            "birth_date",
            "relation",
            "residence",
            "status",
            "phone_tail",
            "note",
            "version",
        )
    )


def categories_for(viewer: Viewer, community_id: UUID, *, active_only: bool = True) -> list[CardCategory]:
    """Card categories of a community in the viewer's scope."""
    if not viewer.sees(community_id):
        return []
    found = CardCategory.objects.filter(community_id=community_id)
    return list(found.filter(is_active=True) if active_only else found)


def counts_for(viewer: Viewer, community_id: UUID) -> dict[str, int]:
    """Number of people by status. Bare counts, so street officers may have them too."""
    if not viewer.sees(community_id):
        return {}
    rows = Person.objects.filter(community_id=community_id).values_list("status").annotate(count=Count("pk"))
    return {status: count for status, count in rows if status != "merged"}


def names_of(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of those of the persons that the viewer sees; a merged one answers too."""
    return dict(seen_people(viewer).filter(pk__in=list(ids)).values_list("pk", "name"))
