"""Takes an import back: removes what it made and nobody touched since, restores what it changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fuhui.registry.people import registry
from fuhui.registry.people.importing.bulk import update_rows
from fuhui.registry.people.importing.existing import PLAIN
from fuhui.registry.people.importing.plan import Tell
from fuhui.registry.people.importing.writing import CHANGED, ID_COLUMNS, PHONE_COLUMNS
from fuhui.registry.people.models import AttributeCard, Consent, Household, ImportBatch, ImportChange, Person
from fuhui.registry.places.models import Building, Home
from fuhui.registry.places.queries.locate import forget
from fuhui.shared.crypto import seal
from fuhui.shared.errors import RuleBroken

_SLICE = 5000


def undo(batch: ImportBatch, actor: str, tell: Tell) -> dict[str, int]:
    """Inside the caller's transaction. People changed or used since the import stay as they are and are counted
    as `kept`. Raises RuleBroken where another room refers to somebody in a way it did not register."""
    tell("撤销居民", 0, 1)
    new = dict(_changes(batch, "person", is_new=True))
    kept = _touched(batch, new)
    removed = [pk for pk in new if pk not in kept]
    cards = [pk for pk, _ in _changes(batch, "card", is_new=True)]
    AttributeCard.objects.filter(pk__in=cards, until__isnull=True).exclude(person__in=kept)._raw_delete("default")
    _remove(Person, removed)
    restored, left = _restore(batch, actor)
    tell("撤销户和房屋", 1, 2)
    households = [pk for pk, _ in _changes(batch, "household", is_new=True)]
    in_use = set(Person.objects.filter(household__in=households).values_list("household_id", flat=True))
    gone = [pk for pk in households if pk not in in_use]
    _remove(Household, gone)
    _settle("撤销没有进行：其中有居民已被其他业务引用。请先在那些业务里改选居民，或保留这次导入。")
    places = _remove_places(batch)
    ImportChange.objects.filter(batch=batch.pk)._raw_delete("default")
    return {
        "removed": len(removed),
        "kept": len(kept) + left,
        "restored": restored,
        "households_removed": len(gone),
        "homes_removed": places,
    }


def _changes(batch: ImportBatch, kind: str, *, is_new: bool) -> list[tuple[UUID, int]]:
    found = ImportChange.objects.filter(batch=batch.pk, kind=kind, is_new=is_new)
    return list(found.values_list("object_id", "version"))


def _touched(batch: ImportBatch, new: dict[UUID, int]) -> set[UUID]:
    """Those of the batch's people who were changed, merged, gave consent, got a card or are used elsewhere since."""
    ids, kept = list(new), set[UUID]()
    own_cards = ImportChange.objects.filter(batch=batch.pk, kind="card").values("object_id")
    for part in _slices(ids):
        rows = dict(Person.objects.filter(pk__in=part).values_list("pk", "version"))
        kept |= {pk for pk in part if pk in rows and rows[pk] != new[pk]}
        kept |= set(Person.objects.filter(merged_into__in=part).values_list("merged_into_id", flat=True))
        kept |= set(Consent.objects.filter(person__in=part).values_list("person_id", flat=True))
        others = AttributeCard.objects.filter(person__in=part).exclude(pk__in=own_cards)
        kept |= set(others.values_list("person_id", flat=True))
        ended = AttributeCard.objects.filter(person__in=part, until__isnull=False)
        kept |= set(ended.values_list("person_id", flat=True))
        kept |= registry.used(batch.community_id, part)
    return kept


def _restore(batch: ImportBatch, actor: str) -> tuple[int, int]:
    changes = list(ImportChange.objects.filter(batch=batch.pk, kind="person", is_new=False))
    versions = dict(
        Person.objects.select_for_update(of=("self",))
        .filter(pk__in=[change.object_id for change in changes])
        .values_list("pk", "version")
    )
    fresh = [change for change in changes if versions.get(change.object_id) == change.version]
    values = [(change, json.loads(change.before or "{}")) for change in fresh]
    now, community = timezone.now(), batch.community_id
    plain = [(change.object_id, community, *_plain(old), change.version + 1, now, actor) for change, old in values]
    ids = [
        (change.object_id, community, *_pair(old["id_number"], "people.id_number"))
        for change, old in values
        if "id_number" in old
    ]
    phones = [
        (change.object_id, community, *_pair(old["phone"], "people.phone")) for change, old in values if "phone" in old
    ]
    for columns, rows in ((CHANGED, plain), (ID_COLUMNS, ids), (PHONE_COLUMNS, phones)):
        if rows:
            update_rows("people_person", columns, rows, match=columns[:2])
    return len(fresh), len(changes) - len(fresh)


def _plain(old: dict[str, Any]) -> list[object]:
    household = UUID(old["household_id"]) if old["household_id"] else None
    born = date.fromisoformat(old["birth_date"]) if old["birth_date"] else None
    return [*(born if name == "birth_date" else old[name] for name in PLAIN), household]


def _pair(value: Sequence[str | None], context: str) -> tuple[bytes | None, bytes | None]:
    text, index = value
    return (seal(text, context=context) if text else None, bytes.fromhex(index) if index else None)


def _remove_places(batch: ImportBatch) -> int:
    """Doors and buildings that the batch made and nobody uses. Where another room does, they all stay: an empty
    door harms nobody."""
    homes = [pk for pk, _ in _changes(batch, "home", is_new=True)]
    lived_in = set(Household.objects.filter(home__in=homes).values_list("home_id", flat=True))
    free = [pk for pk in homes if pk not in lived_in]
    blocks = [pk for pk, _ in _changes(batch, "building", is_new=True)]
    try:
        with transaction.atomic():
            _remove(Home, free)
            with_homes = set(Home.objects.filter(building__in=blocks).values_list("building_id", flat=True))
            _remove(Building, [pk for pk in blocks if pk not in with_homes])
            _check_now()
    except IntegrityError:
        return 0
    finally:
        forget(batch.community_id)
    return len(free)


def _remove(model: type[Person | Household | Home | Building], ids: Iterable[UUID]) -> None:
    for part in _slices(list(ids)):
        model._default_manager.filter(pk__in=part)._raw_delete("default")


def _settle(message: str) -> None:
    try:
        _check_now()
    except IntegrityError as error:
        raise RuleBroken("in_use", message) from error


def _check_now() -> None:
    """References are checked at commit; asked now, so that what is still referred to can be told."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _slices(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE))
