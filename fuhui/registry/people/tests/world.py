"""A community with two grids and three buildings, its staff, and invented residents."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openpyxl import Workbook

from fuhui.registry.people.rules.entry import PersonEntry
from fuhui.registry.people.rules.identity import check_digit
from fuhui.registry.places.models import Building, Community, Grid, Region
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import enter
from fuhui.shared.viewers import Grant, Role, Viewer, system

_REGIONS = (
    ("370000000000", "山东省", "province", None),
    ("370600000000", "烟台市", "city", "370000000000"),
    ("370611000000", "福山区", "district", "370600000000"),
    ("370611001000", "清洋街道", "street", "370611000000"),
)


@dataclass(frozen=True)
class World:
    """Ids of the community and its grids."""

    id: UUID
    grids: tuple[UUID, UUID]

    def staff(
        self, role: Role = Role.COMMUNITY_STAFF, grid: UUID | None = None, person_id: UUID | None = None
    ) -> Viewer:
        """Somebody with one role here."""
        grant = Grant(role, self.id, grid)
        return Viewer(
            account_id=new_id(),
            person_id=person_id,
            name="工作人员",
            grants=(grant,),
            communities=(self.id,),
            roles=frozenset({role}),
        )


def community(code: str = "370611001038", name: str = "福惠社区") -> World:
    """福惠社区; the connection's scope is the community from now on."""
    for region, title, level, parent in _REGIONS:
        Region.objects.get_or_create(code=region, defaults={"name": title, "level": level, "parent_id": parent})
    Region.objects.get_or_create(code=code, defaults={"name": name, "level": "community", "parent_id": "370611001000"})
    made = Community.objects.create(region_id=code, name=name)
    enter(system("tests", made.pk))
    grids = [Grid.objects.create(community_id=made.pk, number=number, name=f"第{number}网格").pk for number in (1, 2)]
    for name_, grid in (("3号楼", grids[0]), ("5号楼", grids[1]), ("7号楼", grids[0])):
        Building.objects.create(community_id=made.pk, grid_id=grid, area="福惠花园", name=name_, unit_count=3)
    return World(made.pk, (grids[0], grids[1]))


def id_number(serial: int, birth: str = "19400101") -> str:
    """A valid number of a division that was never assigned."""
    first = f"990000{birth}{serial:03d}"
    return first + check_digit(first)


def entry(name: str = "王秀英", **more: Any) -> PersonEntry:
    """What a form sends."""
    return PersonEntry(name=name, **more)


def workbook(*rows: tuple[Any, ...], title: str = "名册") -> bytes:
    """An xlsx of these rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
