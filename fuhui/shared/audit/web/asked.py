"""What an address of the audit trail asks for: which community, and which entries."""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from django.http import HttpRequest, QueryDict

from fuhui.shared.audit.queries import Wanted
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer

INSTALLATION = "installation"
TEXTS = ("who", "action", "subject", "subject_id", "actor")
_LONGEST = 100


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks."""
    return cast("Viewer", request.viewer)  # type: ignore[attr-defined]


def chosen(viewer: Viewer, text: str) -> UUID | None:
    """The community asked for, else the viewer's first; None for the installation's own entries."""
    if text == INSTALLATION or (not text and not viewer.communities):
        return None
    try:
        return UUID(text) if text else viewer.communities[0]
    except ValueError as error:
        raise BadInput("community", "社区编号无效，请从页面上的链接进入。", field="in") from error


def texts(asked: QueryDict) -> dict[str, str]:
    """Every filter as typed, for the form and for links."""
    names = (*TEXTS, "day", "reads")
    return {name: asked.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in names}


def wanted_in(asked: QueryDict) -> Wanted:
    """The filters; raises BadInput for a day that is none."""
    typed = texts(asked)
    try:
        day = date.fromisoformat(typed["day"]) if typed["day"] else None
    except ValueError as error:
        raise BadInput("day", "日期要写成 2026-03-02 这样。", field="day") from error
    return Wanted(**{name: typed[name] for name in TEXTS}, day=day, only_reads=bool(typed["reads"]))
