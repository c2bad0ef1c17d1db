"""Sets who looks and which communities the database shows, for every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from fuhui.registry.accounts.actions import note_token_use
from fuhui.registry.accounts.queries import lacks_second_factor, token_hash, viewer_of, viewer_of_token
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import VISITOR, Viewer

_OPEN_PATHS = ("/accounts/", "/static/", "/ui/", "/healthz")
_SCHEME = "Bearer "
_API = "/api/"
_MOST_REMEMBERED = 10_000
_used: dict[bytes, date] = {}


class ViewerMiddleware:
    """`request.viewer` is always set, and the connection's scope is always that viewer's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Finds the viewer, enters the scope, leads to what the account has to do first."""
        if request.path == "/healthz":
            return self.get_response(request)
        viewer = _viewer(request)
        request.viewer = viewer or VISITOR  # type: ignore[attr-defined]
        scope.enter(viewer or VISITOR)
        if viewer is None:
            return _refusal(401, "token", "令牌无效、已过期或已撤销，请重新申请。")
        return _first_things(request, viewer) or self.get_response(request)


def _viewer(request: HttpRequest) -> Viewer | None:
    """The viewer; None for a request that shows a token which is not valid."""
    header = request.headers.get("Authorization", "")
    if header.startswith(_SCHEME) and request.path.startswith(_API):
        token = header[len(_SCHEME):].strip()
        found = viewer_of_token(token)
        request.came_by_token = found is not None  # type: ignore[attr-defined]
        if found:
            _note_use(token)
        return found
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return viewer_of(request.user)
    return VISITOR


def _note_use(token: str) -> None:
    """One statement per token, day and process."""
    day, known = timezone.localdate(), token_hash(token)
    if _used.get(known) != day:
        if len(_used) >= _MOST_REMEMBERED:
            _used.clear()
        _used[known] = day
        note_token_use(token)


def _first_things(request: HttpRequest, viewer: Viewer) -> HttpResponse | None:
    if viewer.account_id is None or request.path.startswith(_OPEN_PATHS):
        return None
    by_token = getattr(request, "came_by_token", False)
    if not by_token and getattr(request.user, "password_is_temporary", False):
        return _lead(request, "account_change_password", "password", "请先在网页登录并修改临时密码，再使用接口。")
    if lacks_second_factor(viewer):
        return _lead(request, "mfa_activate_totp", "second_factor", "请先在网页登录并开启两步验证，再使用接口。")
    return None


def _lead(request: HttpRequest, page: str, code: str, message: str) -> HttpResponse:
    if request.path.startswith(_API):
        return _refusal(403, code, message)
    return HttpResponseRedirect(reverse(page))


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status, json_dumps_params={"ensure_ascii": False})
