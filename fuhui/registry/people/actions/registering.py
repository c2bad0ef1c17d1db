"""Registering and correcting people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.registry.people.actions.households import household_in
from fuhui.registry.people.actions.locking import grid_of_person, held_person
from fuhui.registry.people.models import Person
from fuhui.registry.people.permissions import may_register
from fuhui.registry.people.queries.duplicates import NAME_AND_BIRTH, SAME_ID, Duplicate, possible_duplicates
from fuhui.registry.people.queries.people import id_index_of, phone_index_of
from fuhui.registry.people.rules.entry import Checked, PersonEntry, check_entry
from fuhui.registry.people.rules.messages import TAKEN_ID, faults_text
from fuhui.registry.people.rules.words import STATUS_NAMES, PersonStatus
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer

_PLAIN = ("name", "sex", "birth_date", "nation", "political", "relation", "residence", "note")


@transaction.atomic
def register_person(
    *,
    by: Viewer,
    community_id: UUID,
    entry: PersonEntry,
    address: str = "",
    home_id: UUID | None = None,
    household_id: UUID | None = None,
    grid_id: UUID | None = None,
    accept_duplicates: bool = False,
    source: str = "",
    person_id: UUID | None = None,
) -> Person:
    """Registers somebody, in a household where an address, home or household is given.

    Raises BadInput with `faults` by field; RuleBroken "duplicate" with `duplicates` (ids) where somebody like this
    is registered and `accept_duplicates` is not set; the same identity number is never accepted twice.
    """
    may_register(by, community_id).require()
    checked = _checked(entry)
    household = _household(by, community_id, address, home_id, household_id, grid_id, source)
    _warn(by, community_id, checked, home_id or (household.home_id if household else None), accept_duplicates)
    person = Person(
        id=person_id or new_id(),
        community_id=community_id,
        household=household,
        source=source[:60],
        updated_by=by.actor,
    )
    _fill(person, checked)
    _write(person, force_insert=True)
    audit.record(
        "people.create",
        by=by,
        community_id=community_id,
        subject="person",
        subject_id=person.pk,
        data={"source": source, "has_id": person.id_index is not None, "accepted": accept_duplicates},
    )
    return person


@transaction.atomic
def correct_person(
    *,
    by: Viewer,
    person_id: UUID,
    entry: PersonEntry,
    version: int,
    keep_id: bool = False,
    keep_phone: bool = False,
    address: str | None = None,
) -> Person:
    """Corrects somebody's record; `version` is that of the page. `keep_id`, `keep_phone`: the form did not show
    the encrypted value, so what is there stays. `address` not None moves them to the household there.

    Raises StalePage, BadInput with `faults`, RuleBroken for an identity number in use, NotAllowed.
    """
    person = held_person(by, person_id, version)
    may_register(by, person.community_id, grid_of_person(person)).require()
    checked = _checked(entry)
    if keep_id and person.id_number:
        _keep_from_card(person, checked)
    changed = _fill(person, checked, keep_id=keep_id, keep_phone=keep_phone)
    if address is not None:
        person.household = _household(by, person.community_id, address, None, None, None, "")
    person.version, person.updated_by = person.version + 1, by.actor
    _write(person)
    audit.record(
        "people.correct",
        by=by,
        community_id=person.community_id,
        subject="person",
        subject_id=person.pk,
        data={"fields": changed, "version": person.version},
    )
    return person


@transaction.atomic
def change_status(*, by: Viewer, person_id: UUID, status: str, version: int | None = None, note: str = "") -> Person:
    """在住, 已迁出 or 已故. Merging has its own action. Raises BadInput for another status, StalePage."""
    if status not in {PersonStatus.ACTIVE, PersonStatus.MOVED_OUT, PersonStatus.DIED}:
        raise BadInput("status", "状态只能是在住、已迁出或已故。", field="status")
    person = held_person(by, person_id, version)
    may_register(by, person.community_id, grid_of_person(person)).require()
    before, person.status = person.status, status
    person.note = f"{person.note} {note}".strip()[:500] if note else person.note
    person.version, person.updated_by = person.version + 1, by.actor
    person.save(update_fields=["status", "note", "version", "updated_by", "updated_at"])
    audit.record(
        "people.status",
        by=by,
        community_id=person.community_id,
        subject="person",
        subject_id=person.pk,
        data={"from": STATUS_NAMES[PersonStatus(before)], "to": STATUS_NAMES[PersonStatus(status)]},
    )
    return person


def _checked(entry: PersonEntry) -> Checked:
    checked = check_entry(entry, timezone.localdate())
    if checked.faults:
        raise BadInput("person", faults_text(checked.faults), faults=checked.faults)
    return checked


def _household(
    by: Viewer,
    community_id: UUID,
    address: str,
    home_id: UUID | None,
    household_id: UUID | None,
    grid_id: UUID | None,
    source: str,
) -> Any:
    if household_id:
        from fuhui.registry.people.queries.scope import household_for

        return household_for(by, household_id)
    if address.strip() or home_id or grid_id or by.grids(community_id):
        return household_in(
            by=by, community_id=community_id, address=address.strip(), home_id=home_id, grid_id=grid_id, source=source
        )
    return None


def _warn(by: Viewer, community_id: UUID, checked: Checked, home_id: UUID | None, accept: bool) -> None:
    found = possible_duplicates(
        by,
        community_id=community_id,
        name=checked.name,
        id_number=checked.id_number or "",
        phone=checked.phones[0] if checked.phones else "",
        birth=checked.birth_date,
        home_id=home_id,
    )
    refused = [one for one in found if one.score >= SAME_ID or (one.score >= NAME_AND_BIRTH and not accept)]
    if refused:
        raise _duplicate(refused)


def _duplicate(found: list[Duplicate]) -> RuleBroken:
    if found[0].score >= SAME_ID:
        message = TAKEN_ID
    else:
        message = f"可能已经登记过：{found[0].evidence}。请先看看是不是同一个人，确实不是再选“不是同一人，继续登记”。"
    return RuleBroken(
        "duplicate", message, duplicates=[str(one.person.pk) for one in found], sure=found[0].score >= SAME_ID
    )


def _keep_from_card(person: Person, checked: Checked) -> None:
    """What the identity number tells is not overwritten while the number itself stays."""
    checked.birth_date = person.birth_date or checked.birth_date
    checked.sex = person.sex or checked.sex


def _fill(person: Person, checked: Checked, *, keep_id: bool = False, keep_phone: bool = False) -> list[str]:
    changed = [name for name in _PLAIN if getattr(person, name) != getattr(checked, name)]
    for name in _PLAIN:
        setattr(person, name, getattr(checked, name))
    if not keep_id:
        changed += ["id_number"] if person.id_number != checked.id_number else []
        person.id_number = checked.id_number
        person.id_index = id_index_of(checked.id_number) if checked.id_number else None
    if not keep_phone:
        changed += ["phone"] if person.phone != checked.phone_text else []
        person.phone, person.phone_tail = checked.phone_text, checked.phone_tail
        person.phone_index = phone_index_of(checked.phones[0]) if checked.phones else None
    return changed


def _write(person: Person, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=force_insert)
    except IntegrityError as error:
        if broken_constraint(error) != "people_person_id_once":
            raise
        raise RuleBroken("duplicate", TAKEN_ID, duplicates=[], sure=True) from error
