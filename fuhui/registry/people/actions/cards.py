"""Attribute cards and the community's list of their categories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.registry.people.actions.locking import grid_of_person
from fuhui.registry.people.models import AttributeCard, CardCategory
from fuhui.registry.people.permissions import may_keep_categories, may_register
from fuhui.registry.people.queries.scope import person_for
from fuhui.registry.people.rules.words import DEFAULT_CATEGORIES
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer


def ensure_categories(community_id: UUID) -> None:
    """The usual categories where a community has none yet. Inside the caller's transaction."""
    if CardCategory.objects.filter(community_id=community_id).exists():
        return
    rows = [
        CardCategory(
            community_id=community_id,
            code=code,
            name=name,
            is_sensitive=sensitive,
            for_health=health,
            order=10 * (place + 1),
        )
        for place, (code, name, sensitive, health) in enumerate(DEFAULT_CATEGORIES)
    ]
    CardCategory.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def seed_categories(*, by: Viewer, community_id: UUID) -> None:
    """Gives a community the usual categories; does nothing where it has any."""
    may_keep_categories(by, community_id).require()
    ensure_categories(community_id)
    audit.record("people.seed_categories", by=by, community_id=community_id, subject="card_category")


@transaction.atomic
def save_category(
    *,
    by: Viewer,
    community_id: UUID,
    name: str,
    hint: str = "",
    is_sensitive: bool = False,
    for_health: bool = False,
    is_active: bool = True,
    order: int = 100,
    category_id: UUID | None = None,
) -> CardCategory:
    """Adds or changes a category. One in use is switched off, never removed. Raises RuleBroken for a name in use."""
    may_keep_categories(by, community_id).require()
    if not 0 < len(name.strip()) <= 30:
        raise BadInput("name", "请填写类别名称，不超过 30 个字。", field="name")
    row = (
        _held_category(community_id, category_id)
        if category_id
        else CardCategory(community_id=community_id, code=f"own_{new_id().hex[-12:]}")
    )
    row.name, row.hint, row.order = name.strip(), hint.strip()[:200], max(0, min(order, 32_000))
    row.is_sensitive, row.for_health, row.is_active = is_sensitive, for_health, is_active
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RuleBroken("category_name", "已经有同名的类别，请换一个名称。") from error
    audit.record(
        "people.save_category",
        by=by,
        community_id=community_id,
        subject="card_category",
        subject_id=row.pk,
        data={"name": row.name, "active": is_active},
    )
    return row


@transaction.atomic
def add_card(
    *,
    by: Viewer,
    person_id: UUID,
    category: str,
    since: date | None = None,
    source: str = "",
    data: Mapping[str, object] | None = None,
    note: str = "",
) -> AttributeCard:
    """Gives a person a card of a category (its code). Raises BadInput for an unknown category, RuleBroken where
    the person holds a running card of it."""
    person = person_for(by, person_id)
    may_register(by, person.community_id, grid_of_person(person)).require()
    ensure_categories(person.community_id)
    kind = CardCategory.objects.filter(community_id=person.community_id, code=category, is_active=True).first()
    if kind is None:
        raise BadInput("category", "没有这个人员类别，请从列表里选，或先到“人员类别”里添加。", field="category")
    card = AttributeCard(
        community_id=person.community_id,
        person_id=person.pk,
        category=kind,
        since=since,
        source=source[:60],
        data=dict(data or {}),
        note=note[:500],
        updated_by=by.actor,
    )
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError as error:
        if broken_constraint(error) != "people_card_once":
            raise
        raise RuleBroken("card_once", f"已经有一张有效的“{kind.name}”卡，不用重复添加。") from error
    audit.record(
        "people.add_card",
        by=by,
        community_id=person.community_id,
        subject="person",
        subject_id=person.pk,
        data={"category": kind.code, "card": str(card.pk)},
    )
    return card


@transaction.atomic
def end_card(*, by: Viewer, card_id: UUID, until: date | None = None, note: str = "") -> AttributeCard:
    """Ends a card on a day (today unless given). Raises RuleBroken where it has ended, BadInput before its start."""
    card = (
        AttributeCard.objects.select_for_update(of=("self",))
        .filter(pk=card_id, community_id__in=by.communities)
        .select_related("category")
        .first()
    )
    if card is None:
        raise NotFound("card", "没有找到这张卡。")
    person = person_for(by, card.person_id)
    may_register(by, person.community_id, grid_of_person(person)).require()
    if card.until:
        raise RuleBroken("card_ended", "这张卡已经结束了。")
    card.until = until or timezone.localdate()
    if card.since and card.until < card.since:
        raise BadInput("until", "结束日期不能早于开始日期。", field="until")
    card.note, card.updated_by = (note[:500] or card.note), by.actor
    card.save(update_fields=["until", "note", "updated_by"])
    audit.record(
        "people.end_card",
        by=by,
        community_id=person.community_id,
        subject="person",
        subject_id=person.pk,
        data={"category": card.category.code, "until": str(card.until)},
    )
    return card


def _held_category(community_id: UUID, category_id: UUID) -> CardCategory:
    row = CardCategory.objects.select_for_update(of=("self",)).filter(community_id=community_id, pk=category_id).first()
    if row is None:
        raise NotFound("category", "没有找到这个类别。")
    return row
