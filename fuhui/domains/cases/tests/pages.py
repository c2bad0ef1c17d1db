"""What the tests of pages share: reading a page, and looking at a case behind it."""

from __future__ import annotations

import re
from uuid import UUID

from fuhui.domains.cases.models import Case
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import system
from tests.personas import Place

LAMP = "3号楼2单元楼道灯不亮，晚上老人看不见"


def words(response: object) -> str:
    """The page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))  # type: ignore[attr-defined]


def newest(case_id: UUID, community: Place) -> Case:
    """The case as it stands."""
    with acting(system("tests", community.id)):
        return Case.objects.get(pk=case_id)
