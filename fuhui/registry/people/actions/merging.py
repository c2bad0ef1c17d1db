"""Merging two records of one person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.registry.people import registry
from fuhui.registry.people.models import AttributeCard, Consent, MergeTrace, Person
from fuhui.registry.people.permissions import may_merge
from fuhui.registry.people.queries.scope import person_for
from fuhui.registry.people.rules.words import PersonStatus
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, RuleBroken, StalePage
from fuhui.shared.viewers import Viewer

# Copied where the kept record knows nothing yet; encrypted values with their index.
_FILLS = ("sex", "birth_date", "nation", "political", "relation", "residence", "household_id")


@transaction.atomic
def merge_people(
    *, by: Viewer, keep: UUID, merge: UUID, reason: str, versions: tuple[int, int] | None = None
) -> Person:
    """Makes `merge` part of `keep`: cards, household, everything of other rooms, and what `keep` does not know.

    The consent log is append-only, so its lines stay and are read through the merge. Two merges at once wait for
    each other; the later one finds its record merged. `versions` (kept, merged) are those of the page.
    Raises RuleBroken for the same person twice, a merged record or differing identity numbers, StalePage.
    """
    if keep == merge:
        raise BadInput("same", "选的是同一份档案，不用合并。")
    if len(reason.strip()) < 2:
        raise BadInput("reason", "请写明为什么是同一个人，例如“同一手机号，本人确认”。", field="reason")
    kept, merged = _held_pair(by, keep, merge, versions)
    may_merge(by, kept.community_id).require()
    _must_fit(kept, merged)
    moved: dict[str, Any] = {"cards": _move_cards(by, kept, merged), "filled": _fill(kept, merged)}
    moved["consents"] = [str(pk) for pk in Consent.objects.filter(person=merged.pk).values_list("pk", flat=True)]
    moved["formerly_merged"] = _move_former(kept, merged)
    for name, mover in registry.movers().items():
        moved[name] = mover(by=by, community_id=kept.community_id, kept=kept.pk, merged=merged.pk)
    _close(by, kept, merged)
    MergeTrace.objects.create(
        community_id=kept.community_id, kept=kept, merged=merged, reason=reason.strip()[:200], moved=moved, by=by.actor
    )
    audit.record(
        "people.merge",
        by=by,
        community_id=kept.community_id,
        subject="person",
        subject_id=kept.pk,
        data={"merged": str(merged.pk), "reason": reason.strip()[:200], "moved": moved},
    )
    return kept


def _held_pair(by: Viewer, keep: UUID, merge: UUID, versions: tuple[int, int] | None) -> tuple[Person, Person]:
    kept_community, merged_community = person_for(by, keep).community_id, person_for(by, merge).community_id
    if kept_community != merged_community:
        raise RuleBroken("other_community", "两份档案不在同一个社区，不能合并。")
    # In the order of ids, so that two merges against each other wait instead of locking each other out.
    held = {
        row.pk: row
        for row in Person.objects.select_for_update(of=("self",)).filter(pk__in=[keep, merge]).order_by("pk")
    }
    kept, merged = held[keep], held[merge]
    if kept.merged_into_id or merged.merged_into_id:
        raise RuleBroken("merged", "其中一份档案刚刚已经合并过了，请刷新页面看看合并后的档案。")
    if versions and versions != (kept.version, merged.version):
        raise StalePage("stale", "其中一份档案刚刚被别人修改过，还没有合并。请刷新页面核对后再合并。")
    return kept, merged


def _must_fit(kept: Person, merged: Person) -> None:
    if kept.id_index and merged.id_index and bytes(kept.id_index) != bytes(merged.id_index):
        raise RuleBroken("two_ids", "两份档案的证件号不同，不能合并。如果其中一个号抄错了，请先改正它。")


def _move_cards(by: Viewer, kept: Person, merged: Person) -> list[str]:
    running = set(AttributeCard.objects.filter(person=kept.pk, until__isnull=True).values_list("category", flat=True))
    moved = []
    for card in AttributeCard.objects.select_for_update(of=("self",)).filter(person=merged.pk):
        if card.until is None and card.category_id in running:
            today = timezone.localdate()  # one running card of a kind is enough: the second one ends
            card.until = max(today, card.since) if card.since else today
        card.person, card.updated_by = kept, by.actor
        card.save(update_fields=["person", "until", "updated_by"])
        moved.append(str(card.pk))
    return moved


def _fill(kept: Person, merged: Person) -> list[str]:
    filled = [name for name in _FILLS if not getattr(kept, name) and getattr(merged, name)]
    for name in filled:
        setattr(kept, name, getattr(merged, name))
    if kept.phone_index is None and merged.phone_index is not None:
        kept.phone, kept.phone_index, kept.phone_tail = merged.phone, merged.phone_index, merged.phone_tail
        filled.append("phone")
    if kept.id_index is None and merged.id_index is not None:
        kept.id_number, kept.id_index = merged.id_number, merged.id_index
        filled.append("id_number")
    if merged.note and merged.note not in kept.note:
        kept.note = f"{kept.note} {merged.note}".strip()[:500]
        filled.append("note")
    return filled


def _move_former(kept: Person, merged: Person) -> list[str]:
    former = Person.objects.filter(community_id=kept.community_id, merged_into=merged.pk)
    ids = [str(pk) for pk in former.values_list("pk", flat=True)]
    former.update(merged_into=kept.pk)
    return ids


def _close(by: Viewer, kept: Person, merged: Person) -> None:
    """The merged record first: its identity number must be free before the kept record takes it over."""
    for person in (merged, kept):
        person.version, person.updated_by = person.version + 1, by.actor
    merged.status, merged.merged_into = PersonStatus.MERGED, kept
    merged.save()
    kept.save()
