"""Who may be the same person as the one being entered."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from fuhui.registry.people.models import Person
from fuhui.registry.people.queries.people import id_index_of, phone_index_of
from fuhui.registry.people.queries.scope import PLACE, SEALED, living_people
from fuhui.registry.people.rules.contact import normal_name, normal_phones
from fuhui.registry.people.rules.identity import WrongIdentity, identity, plain_identity
from fuhui.registry.people.rules.words import PersonStatus
from fuhui.shared.viewers import Viewer

SAME_ID, NAME_AND_PHONE, NAME_AND_BIRTH, NAME_AND_HOME = 100, 90, 80, 60
_MOST = 10


class Duplicate(NamedTuple):
    """Somebody registered already, why they may be the same, how sure (0–100), and whether the viewer sees them."""

    person: Person
    evidence: str
    score: int
    visible: bool


def possible_duplicates(
    viewer: Viewer,
    *,
    community_id: UUID,
    name: str,
    id_number: str = "",
    phone: str = "",
    birth: date | None = None,
    home_id: UUID | None = None,
    except_id: UUID | None = None,
) -> list[Duplicate]:
    """People of the whole community who may be the same, surest first. Two statements.

    A grid worker is also told of somebody in another grid; `visible` then is False and the page shows no more
    than the evidence.
    """
    if not viewer.sees(community_id):
        return []
    clues = _Clues(normal_name(name), _id_index(id_number), _phone_index(phone), birth, home_id)
    found = Person.objects.filter(clues.condition(), community_id=community_id).exclude(status=PersonStatus.MERGED)
    if except_id:
        found = found.exclude(pk=except_id)
    people = list(found.select_related(*PLACE).defer(*SEALED)[: _MOST * 3])
    visible = set(living_people(viewer).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))
    judged = [Duplicate(person, *clues.judge(person), person.pk in visible) for person in people]
    return sorted(judged, key=lambda one: -one.score)[:_MOST]


class _Clues(NamedTuple):
    name: str
    id_index: bytes | None
    phone_index: bytes | None
    birth: date | None
    home_id: UUID | None

    def condition(self) -> Q:
        condition = Q(id_index=self.id_index) if self.id_index else Q(pk__in=[])
        if self.phone_index:
            condition |= Q(name=self.name, phone_index=self.phone_index)
        if self.birth:
            condition |= Q(name=self.name, birth_date=self.birth)
        if self.home_id:
            condition |= Q(name=self.name, household__home=self.home_id)
        return condition

    def judge(self, person: Person) -> tuple[str, int]:
        if self.id_index and bytes(person.id_index or b"") == self.id_index:
            return "证件号相同", SAME_ID
        if self.phone_index and bytes(person.phone_index or b"") == self.phone_index:
            return "姓名和电话相同", NAME_AND_PHONE
        if self.birth and person.birth_date == self.birth:
            # Two identity numbers that differ are two people, however alike the rest is.
            differ = self.id_index and person.id_index
            return ("姓名和出生日期相同，但证件号不同", 40) if differ else ("姓名和出生日期相同", NAME_AND_BIRTH)
        return "同一住址有同名的人", NAME_AND_HOME


def _id_index(text: str) -> bytes | None:
    number = plain_identity(text)
    if not number:
        return None
    try:
        return id_index_of(identity(number, date.max).number)
    except WrongIdentity:
        return id_index_of(number)


def _phone_index(text: str) -> bytes | None:
    phones = normal_phones(text) if text.strip() else None
    return phone_index_of(phones[0]) if phones else None
