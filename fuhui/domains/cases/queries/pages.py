"""Thin reads for pages: names of grids, communities and workers, what waits for a decision, a resident's matters."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from fuhui.domains.cases.models import (
    Case,
    CaseCategory,
    CaseExtension,
    CaseObjection,
    CasePhoto,
    CasePublication,
    CaseStep,
)
from fuhui.domains.cases.queries.queue import cases_for
from fuhui.domains.cases.rules.states import OPEN
from fuhui.registry.accounts.queries.staff import staff_of
from fuhui.registry.organisations.queries import handlers_for
from fuhui.registry.places.queries import Building, Community, buildings_for, communities_for, grids_for, grids_of
from fuhui.shared.errors import NotFound
from fuhui.shared.files.readers import StoredFile
from fuhui.shared.ui.shapes import Option, option
from fuhui.shared.viewers import Viewer

KEEP_SECONDS = 5.0
_grids: dict[UUID, tuple[float, dict[UUID, str]]] = {}
_communities: dict[UUID, str] = {}


class CategoryName(NamedTuple):
    """A category in use, with its first level's name where it is of the second."""

    id: UUID
    code: str
    name: str
    parent: str

    @property
    def words(self) -> str:
        """`物业服务 · 电梯`."""
        return f"{self.parent} · {self.name}" if self.parent else self.name


_categories: dict[UUID, tuple[float, list[CategoryName]]] = {}


@dataclass(frozen=True)
class Waiting:
    """A request that waits for the secretary."""

    case_id: UUID
    number: str
    title: str
    reason: str
    at: datetime
    asked_by: str
    days: int = 0
    due_at: datetime | None = None
    is_own: bool = False
    version: int = 0


def grid_names(viewer: Viewer, community_id: UUID) -> dict[UUID, str]:
    """The grids of a community in the viewer's scope by number; at most 5 s old."""
    if not viewer.sees(community_id):
        return {}
    now = time.monotonic()
    kept = _grids.get(community_id)
    if kept and now - kept[0] < KEEP_SECONDS:
        return kept[1]
    names = {grid.id: grid.name for grid in grids_for(viewer, community_id)}
    _grids[community_id] = (now, names)
    return names


def grid_names_of_all(viewer: Viewer, community_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The grids of several communities in the viewer's scope; at most 5 s old. One statement at most, however many."""
    now = time.monotonic()
    wanted = [one for one in dict.fromkeys(community_ids) if viewer.sees(one)]
    stale = [one for one in wanted if one not in _grids or now - _grids[one][0] >= KEEP_SECONDS]
    if stale:
        fresh: dict[UUID, dict[UUID, str]] = {one: {} for one in stale}
        for grid in grids_of(viewer, stale):
            fresh[grid.community_id][grid.id] = grid.name
        _grids.update({one: (now, names) for one, names in fresh.items()})
    return {key: name for one in wanted for key, name in _grids[one][1].items()}


def community_names(viewer: Viewer) -> dict[UUID, str]:
    """The viewer's communities with their names, for telling several apart.

    Names are public and hardly change, so the process keeps them.
    """
    if len(viewer.communities) == 1:  # who works in one community is never shown its name
        return dict.fromkeys(viewer.communities, "")
    missing = [one for one in viewer.communities if one not in _communities]
    if missing:
        _communities.update({row.id: row.name for row in communities_for(viewer)})
    return {one: _communities.get(one, "") for one in viewer.communities}


def community_card(viewer: Viewer, community_id: UUID) -> Community:
    """Name, code and public phones of a community in scope; raises NotFound."""
    found = communities_for(viewer).filter(pk=community_id).first()
    if found is None:
        raise NotFound
    return found


def worker_options(viewer: Viewer, community_id: UUID) -> list[Option]:
    """Whom a case can be given to: staff first, then units. Values are `account:…` and `organisation:…`."""
    people = [option(f"account:{key}", name, "工作人员") for key, name in staff_of(community_id).items()]
    units = [
        option(f"organisation:{one.organisation_id}", one.name, one.kind_name)
        for one in handlers_for(viewer, community_id)
    ]
    mine = f"account:{viewer.account_id}"
    return sorted(people, key=lambda one: one["value"] != mine) + units


def categories(viewer: Viewer, community_id: UUID) -> list[CategoryName]:
    """The categories in use, second level below its first; at most 5 s old. One statement, or none."""
    if not viewer.sees(community_id):
        return []
    now = time.monotonic()
    kept = _categories.get(community_id)
    if kept and now - kept[0] < KEEP_SECONDS:
        return kept[1]
    found = [
        CategoryName(one.id, one.code, one.name, one.parent.name if one.parent else "")
        for one in categories_of(viewer, community_id)
        if one.is_active
    ]
    _categories[community_id] = (now, found)
    return found


def category_options(viewer: Viewer, community_id: UUID) -> list[Option]:
    """The community's categories as choices by code, second level below its first."""
    return [option(one.code, one.words) for one in categories(viewer, community_id)]


def grid_options(viewer: Viewer, community_id: UUID) -> list[Option]:
    """The grids of a community as choices."""
    return [option(key, name) for key, name in grid_names(viewer, community_id).items()]


def building_options(viewer: Viewer, community_id: UUID) -> list[Option]:
    """The buildings of a community as choices, with their grid."""
    rows: Iterable[Building] = buildings_for(viewer, community_id)
    return [option(row.id, str(row), row.grid.name) for row in rows]


def extensions_waiting(viewer: Viewer, community_id: UUID) -> list[Waiting]:
    """Requests for more time that nobody has decided, oldest first. One statement."""
    rows = CaseExtension.objects.filter(community_id=community_id, state="asked", case__in=cases_for(viewer))
    names = staff_of(community_id)
    return [
        _waiting(row, viewer, names, days=row.days, due_at=row.old_due_at)
        for row in rows.select_related("case").order_by("at")
    ]


def objections_waiting(viewer: Viewer, community_id: UUID) -> list[Waiting]:
    """Objections that nobody has decided, oldest first. One statement."""
    rows = CaseObjection.objects.filter(community_id=community_id, is_upheld=None, case__in=cases_for(viewer))
    names = staff_of(community_id)
    return [_waiting(row, viewer, names) for row in rows.select_related("case").order_by("at")]


def _waiting(row: CaseExtension | CaseObjection, viewer: Viewer, names: dict[UUID, str], **more: Any) -> Waiting:
    account = UUID(row.actor.removeprefix("account:")) if row.actor.startswith("account:") else None
    return Waiting(
        row.case.id,
        row.case.number,
        row.case.title,
        row.reason,
        row.at,
        names.get(account, "办理人") if account else "办理人",
        is_own=row.actor == viewer.actor,
        version=row.case.version,
        **more,
    )


def open_like(viewer: Viewer, case: Case, ids: Iterable[UUID]) -> list[Case]:
    """Open cases of the same community among the ids, newest first: those a case may be merged into."""
    rows = cases_for(viewer).filter(pk__in=list(ids), community_id=case.community_id, state__in=sorted(OPEN))
    return list(rows.exclude(pk=case.pk).order_by("-id")[:20])


def near(viewer: Viewer, case: Case) -> list[Case]:
    """Open cases of the same building or grid of late, before anybody has searched."""
    rows = cases_for(viewer).filter(community_id=case.community_id, state__in=sorted(OPEN)).exclude(pk=case.pk)
    here = {"building_id": case.building_id} if case.building_id else {"grid_id": case.grid_id}
    return list(rows.filter(**here).order_by("-id")[:10])


def repeats_of(
    viewer: Viewer, community_id: UUID, *, building_id: UUID | None, category_code: str, since: datetime
) -> list[Case]:
    """Open cases received since then in a building, or of a category where no building is known: at most 50."""
    rows = cases_for(viewer).filter(community_id=community_id, state__in=sorted(OPEN), received_at__gte=since)
    rows = rows.filter(building_id=building_id) if building_id else rows.filter(category__code=category_code)
    return list(rows.order_by("-id")[:50])


def publication(community_id: UUID, publication_id: UUID) -> CasePublication:
    """One published matter; raises NotFound for none and for a withdrawn one."""
    found = CasePublication.objects.filter(community_id=community_id, pk=publication_id, withdrawn_at=None).first()
    if found is None:
        raise NotFound("not_published", "这件事没有公开，或已经撤回。")
    return found


def publication_photos(published: CasePublication) -> list[CasePhoto]:
    """Photos before and after of a published matter whose photos were confirmed."""
    if not published.show_photos:
        return []
    rows = CasePhoto.objects.filter(community_id=published.community_id, case_id=published.case_id)
    return list(rows.filter(moment__in=["before", "after"]).order_by("id"))


def main_steps(case: Case) -> list[dict[str, Any]]:
    """The public steps of the main case that a repeat was merged into: facts only, because the words may
    speak of another neighbour. Shaped as in `case_record`."""
    if case.main_case_id is None:
        return []
    rows = CaseStep.objects.filter(community_id=case.community_id, case__pk=case.main_case_id, is_public=True)
    return [
        {
            "step": one.step,
            "from": one.state_from,
            "to": one.state_to,
            "at": one.at.isoformat(),
            "who": "",
            "actor": one.actor,
            "note": "",
            "public": True,
            "data": {},
        }
        for one in rows.order_by("id")
    ]


def categories_of(viewer: Viewer, community_id: UUID) -> list[CaseCategory]:
    """Every category of a community in scope, unused ones too, second level below its first."""
    if not viewer.sees(community_id):
        return []
    rows = CaseCategory.objects.filter(community_id=community_id).select_related("parent")
    return sorted(rows, key=lambda one: _category_order(one))


def _category_order(one: CaseCategory) -> tuple[int, str, int, str]:
    top = one.parent or one
    return top.position, top.code, 0 if one.parent is None else 1 + one.position, one.code


def may_read_photo(viewer: Viewer, stored: StoredFile) -> bool:
    """A photo is seen by who sees its case, and by everybody once it was confirmed for the public page."""
    here = CasePhoto.objects.filter(community_id=stored.community_id, file_id=stored.id)
    if here.filter(case__in=cases_for(viewer)).exists():
        return True
    shown = CasePublication.objects.filter(community_id=stored.community_id, withdrawn_at=None, show_photos=True)
    return here.filter(case_id__in=shown.values("case_id"), moment__in=["before", "after"]).exists()
