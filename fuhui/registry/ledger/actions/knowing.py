"""Everybody and everything that a service names belongs to the community."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fuhui.registry.accounts.queries.staff import staff_member
from fuhui.registry.ledger.rules.service import Service
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Household, Person
from fuhui.registry.places.models import Grid
from fuhui.shared.errors import BadInput
from fuhui.shared.files.models import Stored
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class Known:
    """The residents that a service names: into whom each was merged, and where the kept one lives."""

    persons: dict[UUID, tuple[UUID, UUID | None]]

    def kept(self, person: UUID | None) -> UUID | None:
        """The record of this person that is kept."""
        return self.persons[person][0] if person else None

    def household(self, person: UUID | None) -> UUID | None:
        """The person's household today."""
        return self.persons[person][1] if person else None


def know(by: Viewer, community: UUID, service: Service, evidence: Sequence[UUID]) -> Known:
    """Raises BadInput naming the field whose id is not of this community; else what is known of the residents."""
    givers = [part.person for part in service.served_by if part.person]
    getters = [part.person for part in service.served if part.person]
    persons = _persons(community, {*givers, *getters})
    _all_of(givers, persons, "served_by", "服务人里有人不在本社区的居民名册里，请重新选择。")
    _all_of(getters, persons, "served", "服务对象里有人不在本社区的居民名册里，请重新选择。")
    for side, field in ((givers, "served_by"), (getters, "served")):
        if len({persons[one][0] for one in side}) != len(side):
            raise BadInput("twice", "有两份档案已经合并成一个人，请去掉一个。", field=field)
    households = [part.household for part in service.served if part.household]
    _all_of(households, _found(Household, community, households), "served", "有的户不在本社区，请重新选择。")
    if set(households) & {persons[one][1] for one in getters}:
        raise BadInput("twice", "有居民既单独选了，又在选的那一户里，会算成两人次。请去掉一个。", field="served")
    groups = [one for one in (service.organiser, *(part.organisation for part in service.served_by)) if one]
    _all_of(groups, _found(Organisation, community, groups), "organiser", "这个组织不在本社区，请重新选择。")
    grids = [service.grid] if service.grid else []
    _all_of(grids, _found(Grid, community, grids), "grid", "这个网格不在本社区，请重新选择。")
    _all_of(evidence, _found(Stored, community, evidence), "evidence", "有照片没有传好，请重新上传。")
    for part in service.served_by:
        if part.account and part.account != by.account_id and staff_member(community, part.account) is None:
            raise BadInput("served_by", "这个账号不是本社区的工作人员，请重新选择。", field="served_by")
    return Known(persons)


def _persons(community: UUID, ids: set[UUID]) -> dict[UUID, tuple[UUID, UUID | None]]:
    if not ids:
        return {}
    rows = Person.objects.filter(community_id=community, pk__in=ids).values_list(
        "pk", "merged_into", "household", "merged_into__household"
    )
    return {pk: (merged, its_household) if merged else (pk, household) for pk, merged, household, its_household in rows}


def _found(model: Any, community: UUID, ids: Sequence[UUID]) -> set[UUID]:
    return set(model.objects.filter(community_id=community, pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _all_of(ids: Iterable[UUID], known: Iterable[UUID], field: str, message: str) -> None:
    missing = set(ids) - set(known)
    if missing:
        raise BadInput("not_here", message, field=field, missing=sorted(map(str, missing)))
