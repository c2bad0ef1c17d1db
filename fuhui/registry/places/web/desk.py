"""What the rooms' desk pages share: a form that is shown again as it was typed, the community of a desk, and a page
on which one of several deeds is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from fuhui.registry.places.web.entry import errors_of, viewer_of, whole
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, PeopleError
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import DESK_ROLES, Viewer

MOST = 30_000


@dataclass(frozen=True)
class Sent:
    """A form's values as they were typed, shown again with what was wrong."""

    values: dict[str, str]
    errors: dict[str, str]


Deed = Callable[[HttpRequest, Viewer, UUID], str]
Show = Callable[[Sent, int], HttpResponse]


def typed(request: HttpRequest) -> dict[str, str]:
    """What was sent, to show again."""
    return {name: value.replace("\x00", "") for name, value in request.POST.items() if isinstance(value, str)}


def context(sent: Sent | None, **first: str) -> dict[str, Any]:
    """`entered` and `errors` for a template; a fresh form gets a key that makes a second sending harmless."""
    values = sent.values if sent else {"request_key": str(new_id()), **first}
    return {"entered": values, "errors": sent.errors if sent else {}}


def number(post: QueryDict, name: str, what: str, default: str = "") -> int:
    """A whole number, `default` where the field is empty. Raises BadInput for something else, or one that is out of
    all reason."""
    if default and not post.get(name, "").strip():
        return int(default)
    found = whole(post, name, what)
    if abs(found) > MOST:
        raise BadInput(name, f"{what}填得太大了，请核对。", field=name)
    return found


def request_key_in(post: QueryDict, name: str = "request_key") -> UUID:
    """The key of the form; a fresh one where it was lost."""
    try:
        return UUID(post.get(name, ""))
    except ValueError:
        return new_id()


def desk_community(request: HttpRequest, elsewhere: str) -> UUID:
    """The community meant by `community`, else the first in which the viewer works at the desk.

    Raises NotFound for one that is not theirs, NotAllowed with the words `elsewhere` where they do not work there.
    """
    viewer = viewer_of(request)
    asked = request.POST.get("community") or request.GET.get("community") or ""
    mine = [one for one in viewer.communities if viewer.has(*DESK_ROLES, community_id=one)]
    if asked and asked not in map(str, viewer.communities):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    found = [one for one in mine if not asked or str(one) == asked]
    if not found:
        raise NotAllowed("not_desk", f"这里是社区工作人员的页面。{elsewhere}")
    return found[0]


def do_one(
    request: HttpRequest, ident: UUID, deeds: Mapping[str, Deed], show: Show, page: str
) -> HttpResponse:
    """Does what the form's `do` names and leads back to `page`; what was wrong is shown with what was typed."""
    deed = deeds.get(request.POST.get("do", ""))
    try:
        if deed is None:
            raise NotFound("deed", "没有这一步，请在页面上重新选择。")
        said = deed(request, viewer_of(request), ident)
    except PeopleError as error:
        return show(Sent(typed(request), errors_of(error)), error.status)
    if said:
        messages.success(request, said)
    return redirect(page, ident)
