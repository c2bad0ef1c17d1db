"""Short ways for the cases' tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from fuhui.domains.cases.actions.intake import CaseInput, PlaceInput, Reporter, submit_case
from fuhui.domains.cases.actions.receipt import Receipt
from fuhui.domains.cases.models import Case
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system
from tests.personas import Place

from .pages import LAMP

Enter = Callable[..., Case]


@pytest.fixture
def entered(community: Place) -> Enter:
    """`entered(zhao, "灯坏了")`: somebody of the desk writes down what a caller says."""

    def enter(
        by: Viewer,
        text: str = "3号楼2单元二楼的灯又不亮了",
        *,
        phone: str = "19900000001",
        account: Any = None,
        received_at: datetime | None = None,
        grid: Any = None,
    ) -> Case:
        reporter = Reporter(name="王阿姨", phone=phone, account_id=account)
        matter = CaseInput(
            text=text, source="phone", reporter=reporter, received_at=received_at, place=PlaceInput(grid_id=grid)
        )
        with acting(by):
            return submit_case(by=by, community_id=community.id, matter=matter).case

    return enter


@pytest.fixture
def enter(community: Place) -> Callable[..., Receipt]:
    """`enter("…")` takes in a matter as the system does for a caller."""

    def one(text: str = LAMP, **more: object) -> Receipt:
        with acting(system("tests", community.id)) as by:
            given = {"source": "phone", "reporter": Reporter(name="王秀兰", phone="19900000001"), **more}
            return submit_case(by=by, community_id=community.id, matter=CaseInput(text=text, **given))  # type: ignore[arg-type]

    return one
