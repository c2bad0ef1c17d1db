"""Thin reads for pages: names of grids, communities and workers, what waits for a decision, a resident's matters."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from fuhui.domains.cases.models import (
    Case,
    CaseExtension,
    CaseObjection,
    CasePhoto,
    CasePublication,
    CaseRating,
    CaseStep,
)
from fuhui.domains.cases.permissions import visible
from fuhui.domains.cases.queries.queue import cases_for
from fuhui.domains.cases.queries.rulebook import rulebook
from fuhui.domains.cases.rules.states import OPEN, State
from fuhui.registry.accounts.queries.staff import staff_of
from fuhui.registry.organisations.queries import handlers_for
from fuhui.registry.places.queries import Building, Community, buildings_for, communities_for, grids_for
from fuhui.shared.errors import NotFound
from fuhui.shared.ui.shapes import Option, option
from fuhui.shared.viewers import Viewer

KEEP_SECONDS = 5.0
_grids: dict[UUID, tuple[float, dict[UUID, str]]] = {}
_communities: dict[UUID, str] = {}


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


def community_names(viewer: Viewer) -> dict[UUID, str]:
    """The viewer's communities with their names. Names are public and hardly change, so they are kept."""
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
    units = [option(f"organisation:{one.organisation_id}", one.name, one.kind_name)
             for one in handlers_for(viewer, community_id)]
    mine = f"account:{viewer.account_id}"
    return sorted(people, key=lambda one: one["value"] != mine) + units


def category_options(community_id: UUID) -> list[Option]:
    """The community's categories, second level below its first."""
    book = rulebook(community_id)
    tops = [one for one in book.by_id.values() if one.parent_id is None]
    found: list[Option] = []
    for top in tops:
        found.append(option(top.code, top.name))
        found += [option(one.code, f"{top.name} · {one.name}") for one in book.by_id.values() if one.parent_id == top.id]
    return found


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
    return [_waiting(row, viewer, names, days=row.days, due_at=row.old_due_at)
            for row in rows.select_related("case").order_by("at")]


def objections_waiting(viewer: Viewer, community_id: UUID) -> list[Waiting]:
    """Objections that nobody has decided, oldest first. One statement."""
    rows = CaseObjection.objects.filter(community_id=community_id, is_upheld=None, case__in=cases_for(viewer))
    names = staff_of(community_id)
    return [_waiting(row, viewer, names) for row in rows.select_related("case").order_by("at")]


def _waiting(row: CaseExtension | CaseObjection, viewer: Viewer, names: dict[UUID, str], **more: Any) -> Waiting:
    account = UUID(row.actor.removeprefix("account:")) if row.actor.startswith("account:") else None
    return Waiting(row.case.id, row.case.number, row.case.title, row.reason, row.at,
                   names.get(account, "办理人") if account else "办理人", is_own=row.actor == viewer.actor,
                   version=row.case.version, **more)


def open_like(viewer: Viewer, case: Case, ids: Iterable[UUID]) -> list[Case]:
    """Open cases of the same community among the ids, newest first: those a case may be merged into."""
    rows = cases_for(viewer).filter(pk__in=list(ids), community_id=case.community_id, state__in=sorted(OPEN))
    return list(rows.exclude(pk=case.pk).order_by("-id")[:20])


def near(viewer: Viewer, case: Case) -> list[Case]:
    """Open cases of the same building or grid of late, before anybody has searched."""
    rows = cases_for(viewer).filter(community_id=case.community_id, state__in=sorted(OPEN)).exclude(pk=case.pk)
    rows = rows.filter(building_id=case.building_id) if case.building_id else rows.filter(grid_id=case.grid_id)
    return list(rows.order_by("-id")[:10])


def repeats_of(viewer: Viewer, community_id: UUID, *, building_id: UUID | None, category_code: str,
               since: datetime) -> list[Case]:
    """Open cases received since then in a building, or of a category where no building is known: at most 50."""
    rows = cases_for(viewer).filter(community_id=community_id, state__in=sorted(OPEN), received_at__gte=since)
    category = rulebook(community_id).categories.get(category_code)
    if building_id:
        rows = rows.filter(building_id=building_id)
    elif category:
        rows = rows.filter(category_id=category.id)
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


@dataclass(frozen=True)
class Tracked:
    """A resident's matter: its public history, photos and judgements; of a main case only its steps."""

    case: Case
    steps: list[CaseStep]
    photos: list[CasePhoto]
    ratings: list[CaseRating]
    main_steps: list[CaseStep]
    names: dict[str, str]


def tracked(viewer: Viewer, case_id: UUID) -> Tracked:
    """What a proven reporter may read of one matter; raises NotFound. At most six statements."""
    rows = Case.objects.filter(visible(viewer), pk=case_id).select_related("category", "grid", "main_case")
    case = rows.first()
    if case is None:
        raise NotFound("case_not_found", "没有找到这件诉求。")
    here = {"community_id": case.community_id}
    return Tracked(
        case=case,
        steps=list(CaseStep.objects.filter(**here, case=case, is_public=True).order_by("id")),
        photos=list(CasePhoto.objects.filter(**here, case=case, moment__in=["before", "after"]).order_by("id")),
        ratings=list(CaseRating.objects.filter(**here, case=case).order_by("id")),
        main_steps=_main_steps(case), names={},
    )


def _main_steps(case: Case) -> list[CaseStep]:
    if case.main_case_id is None or case.state != State.MERGED:
        return []
    rows = CaseStep.objects.filter(community_id=case.community_id, case_id=case.main_case_id, is_public=True)
    return list(rows.order_by("id"))


def has_open_objection(case: Case) -> bool:
    """Whether the secretary still has to decide an objection to this case."""
    return CaseObjection.objects.filter(community_id=case.community_id, case=case, is_upheld=None).exists()


def version_of(viewer: Viewer, case_id: UUID) -> int:
    """The present version of a case, 0 for none."""
    return cases_for(viewer).filter(pk=case_id).values_list(F("version"), flat=True).first() or 0
