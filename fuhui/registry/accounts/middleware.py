"""Sets who looks and which communities the database shows, for every request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fuhui.registry.accounts.queries import viewer_of, viewer_of_token
from fuhui.shared.errors import NotAllowed
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import DESK_ROLES, VISITOR, Role, Viewer

STAFF_ROLES = DESK_ROLES | {Role.HEALTH_WORKER, Role.STREET_OFFICER, Role.AUDITOR, Role.OPERATOR}
_OPEN_PATHS = ("/accounts/", "/static/", "/ui/", "/healthz")
_SCHEME = "Bearer "


class ViewerMiddleware:
    """`request.viewer` is always set, and the connection's scope is always that viewer's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Finds the viewer, enters the scope, asks staff for a second factor where that is required."""
        if request.path == "/healthz":
            return self.get_response(request)
        viewer = _viewer(request)
        request.viewer = viewer  # type: ignore[attr-defined]
        scope.enter(viewer)
        if settings.STAFF_SECOND_FACTOR and _lacks_second_factor(request, viewer):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)


def _viewer(request: HttpRequest) -> Viewer:
    header = request.headers.get("Authorization", "")
    if header.startswith(_SCHEME) and request.path.startswith("/api/"):
        found = viewer_of_token(header[len(_SCHEME):].strip())
        request.came_by_token = found is not None  # type: ignore[attr-defined]
        return found or VISITOR
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return viewer_of(request.user)
    return VISITOR


def _lacks_second_factor(request: HttpRequest, viewer: Viewer) -> bool:
    if not viewer.roles & STAFF_ROLES or request.path.startswith(_OPEN_PATHS):
        return False
    from allauth.mfa.utils import is_mfa_enabled

    if is_mfa_enabled(request.user):
        return False
    if request.path.startswith("/api/"):
        raise NotAllowed("second_factor", "请先在网页登录并开启两步验证，再使用接口。")
    return True
