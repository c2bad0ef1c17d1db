"""What is read out of the sent forms, and how it is shown again when something was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from fuhui.domains.activities.rules.activity import Kind, Party, Plan
from fuhui.registry.places.web.entry import key, text, viewer_of, whole
from fuhui.shared.errors import BadInput, NotAllowed, NotFound
from fuhui.shared.identifiers import new_id
from fuhui.shared.ui.format import ZONE
from fuhui.shared.viewers import DESK_ROLES


@dataclass(frozen=True)
class Sent:
    """A form's values as they were typed, shown again with what was wrong."""

    values: dict[str, str]
    errors: dict[str, str]


def typed(request: HttpRequest) -> dict[str, str]:
    """What was sent, to show again."""
    return {name: value.replace("\x00", "") for name, value in request.POST.items() if isinstance(value, str)}


def context(sent: Sent | None, **first: str) -> dict[str, Any]:
    """`entered` and `errors` for a template; a fresh form gets a key that makes a second sending harmless."""
    values = sent.values if sent else {"request_key": str(new_id()), **first}
    return {"entered": values, "errors": sent.errors if sent else {}}


def plan_in(post: QueryDict) -> Plan:
    """The plan that was typed. Raises BadInput naming the field."""
    return Plan(
        title=text(post, "title", 2000), text=text(post, "text", 5000), kind=text(post, "kind") or Kind.OTHER,
        place=text(post, "place", 2000), starts_at=moment(post, "starts_at", "开始时间"),
        ends_at=moment(post, "ends_at", "结束时间"), capacity=number(post, "capacity", "名额"),
        service_code=text(post, "service_code") or "culture.all", organiser=key(post, "organiser", "主办单位"),
    )


def party_in(post: QueryDict) -> Party:
    """Who signs up."""
    heads = number(post, "heads", "人数") if post.get("heads", "").strip() else 1
    return Party(name=text(post, "name", 200), phone=text(post, "phone", 40), heads=heads)


def moment(post: QueryDict, name: str, what: str) -> datetime:
    """A moment on Shanghai's clock. Raises BadInput for none, or something else."""
    try:
        found = datetime.fromisoformat(text(post, name, 30))
    except ValueError as error:
        raise BadInput(name, f"请填写{what}，例如 2026-03-02 09:30。", field=name) from error
    return found.replace(tzinfo=ZONE) if found.tzinfo is None else found


def number(post: QueryDict, name: str, what: str) -> int:
    """A whole number. Raises BadInput for something else, or one that is out of all reason."""
    found = whole(post, name, what)
    if abs(found) > 30_000:
        raise BadInput(name, f"{what}填得太大了，请核对。", field=name)
    return found


def request_key_in(post: QueryDict, name: str = "request_key") -> UUID:
    """The key of the form; a fresh one where it was lost."""
    try:
        return UUID(post.get(name, ""))
    except ValueError:
        return new_id()


def desk_community(request: HttpRequest) -> UUID:
    """The community meant by `?community=`, else the first in which the viewer works at the desk."""
    viewer = viewer_of(request)
    asked = request.POST.get("community") or request.GET.get("community") or ""
    mine = [one for one in viewer.communities if viewer.has(*DESK_ROLES, community_id=one)]
    if asked and asked not in map(str, viewer.communities):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    found = [one for one in mine if not asked or str(one) == asked]
    if not found:
        raise NotAllowed("not_desk", "这里是社区工作人员的页面。您报名的活动在“我的活动”里。")
    return found[0]
