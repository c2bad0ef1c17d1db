"""The API map: one NinjaAPI, token or session, errors as people-readable JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from ninja import NinjaAPI
from ninja.errors import ValidationError

from fuhui import __version__
from fuhui.channels.chat.api import router as chats
from fuhui.domains.activities.api import router as activities
from fuhui.domains.cases.api import answer
from fuhui.domains.cases.api import router as cases
from fuhui.registry.ledger.api import router as book
from fuhui.shared.errors import NotAllowed, PeopleError

_SAFE = {"GET", "HEAD", "OPTIONS"}


def signed_in(request: HttpRequest) -> Any:
    """The viewer, by token or by session; a session's writes need the CSRF token as pages do."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.is_signed_in:
        return None
    if not getattr(request, "came_by_token", False) and request.method not in _SAFE:
        _require_csrf(request)
    return viewer


def _require_csrf(request: HttpRequest) -> None:
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    if check.process_view(request, lambda *_: HttpResponse(), (), {}) is not None:
        raise NotAllowed("csrf", "请在网页里操作，或使用接口令牌（Authorization: Bearer …）。")


api = NinjaAPI(title="Fuhui 福惠", version=__version__, auth=signed_in, docs_url="/docs", urls_namespace="api")
api.add_router("", cases)
api.add_router("", chats)
api.add_router("", book)
api.add_router("", activities)


@api.exception_handler(PeopleError)
def people_error(request: HttpRequest, error: PeopleError) -> HttpResponse:
    """The error's own status, code and sentence."""
    return answer({"code": error.code, "message": error.message, "details": error.details}, status=error.status)


@api.exception_handler(ValidationError)
def shape_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body or parameter of the wrong shape: which field, and why."""
    faults = [
        {"field": ".".join(map(str, fault.get("loc", ()))), "why": fault.get("msg", "")} for fault in error.errors
    ]
    return answer(
        {"code": "bad_shape", "message": "有字段的格式不对，请看 details。", "details": {"fields": faults}}, status=422
    )
