"""What every page of this room needs: who looks, in which community, and what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import WARNING, get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fuhui.shared.errors import NotAllowed, NotFound, PeopleError
from fuhui.shared.viewers import DESK_ROLES, VISITOR, Role, Viewer

View = Callable[..., HttpResponse]
WORKING_ROLES = DESK_ROLES | {
    Role.STREET_OFFICER,
    Role.ORGANISATION_LEADER,
    Role.HEALTH_WORKER,
    Role.VOLUNTEER,
    Role.OPERATOR,
}
Errors = dict[str, str]


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks; a visitor where nobody is signed in."""
    found = getattr(request, "viewer", VISITOR)
    return found if isinstance(found, Viewer) else VISITOR


def staff_page(view: View) -> View:
    """A page for those who work on cases: visitors are led to sign in, residents to their own page."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        viewer = viewer_of(request)
        if not viewer.is_signed_in:
            return redirect_to_login(request.get_full_path())
        if not viewer.roles & WORKING_ROLES:
            raise NotAllowed("not_staff", "这里是工作人员的页面。您反映的事，请从“我的诉求”查看。")
        return view(request, *args, **kwargs)

    return page


def signed_in_page(view: View) -> View:
    """A page for anybody with an account; visitors are led to sign in."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not viewer_of(request).is_signed_in:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return page


def community_of(request: HttpRequest, *roles: Role) -> UUID:
    """The community meant by `?community=`, else the first in which the viewer holds one of the roles.

    Raises NotFound for another community and for a viewer without any.
    """
    viewer = viewer_of(request)
    asked = uuid_in(request.POST.get("community") or request.GET.get("community"))
    if asked:
        if viewer.sees(asked):
            return asked
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    for community_id in viewer.communities:
        if viewer.has(*(roles or tuple(WORKING_ROLES)), community_id=community_id):
            return community_id
    raise NotAllowed("no_community", "您的账号还没有对应的社区，请联系社区书记或系统管理员。")


def uuid_in(text: object) -> UUID | None:
    """The identifier in a parameter, None where there is none or it is not one."""
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def version_in(request: HttpRequest) -> int | None:
    """The version of the record that the sent form was opened on; None where the form said none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def errors_of(error: PeopleError) -> Errors:
    """The error by its field; under `""` where it belongs to the whole form."""
    return {str(error.details.get("field", "")): error.message}


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A rendered page. Where htmx swaps only the record beside the queue, its toasts travel in a header, and the
    address becomes the queue's with this record open: a full reload shows the same."""
    response = render(request, template, context, status=status)
    if is_htmx(request):
        beside = _beside_queue(request, context.get("case"))
        if beside:
            response["HX-Push-Url"] = beside
        for message in get_messages(request):
            toast = {"text": str(message), "tone": "done" if message.level < WARNING else "late"}
            response["HX-Trigger"] = json.dumps({"fuhui:toast": toast})
    return response


def _beside_queue(request: HttpRequest, case: Any) -> str:
    """The queue's address with a case open, where the request came from the queue; else empty."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    queue = reverse("cases:queue")
    if case is None or here.path != queue or request.path == queue:
        return ""
    kept = [(name, value) for name, value in parse_qsl(here.query) if name != "open"]
    return f"{queue}?{urlencode([*kept, ('open', str(case.id))])}"


def is_htmx(request: HttpRequest) -> bool:
    """True where a part of the page is asked for by htmx."""
    return bool(getattr(request, "htmx", False))
