"""Taking hold of rows before they are changed."""

from __future__ import annotations

from uuid import UUID

from fuhui.registry.people.models import Household, Person
from fuhui.registry.people.queries.scope import grid_of, person_for
from fuhui.shared.errors import NotFound, RuleBroken, StalePage
from fuhui.shared.viewers import Viewer


def held_person(by: Viewer, person_id: UUID, version: int | None = None) -> Person:
    """The person locked for change, encrypted columns open. Raises NotFound, RuleBroken for a merged record,
    StalePage where `version` is not the present one."""
    person_for(by, person_id)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.merged_into_id:
        raise RuleBroken("merged", "这份档案已经并入另一份，请打开合并后的档案再修改。")
    if version is not None and version != person.version:
        raise StalePage("stale", "这份档案刚刚被别人修改过，您的修改还没有保存。请刷新页面核对后再改一次。")
    return person


def grid_of_person(person: Person) -> UUID | None:
    """The grid of the person's household."""
    if person.household_id is None:
        return None
    return grid_of(Household.objects.select_related("home__building").get(pk=person.household_id))


def held_household(household_id: UUID, community_id: UUID) -> Household:
    """The household locked for change. Raises NotFound."""
    found = Household.objects.select_for_update(of=("self",)).filter(community_id=community_id, pk=household_id).first()
    if found is None:
        raise NotFound("household", "没有找到这一户。")
    return found
