"""Addresses for these tests: the gallery, and views that fail in every way a view may."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from fuhui.shared.errors import BadInput, NotAllowed, NotFound, PeopleError, RuleBroken, StalePage, TooMany

FAILURES: dict[str, Exception] = {
    "bad-input": BadInput("phone", "手机号应是 11 位数字，现在是 10 位。", field="phone"),
    "rule": RuleBroken("closed", "这件诉求已经办结，不能再转办。"),
    "stale": StalePage("stale", "同事刚刚改过这一页，请刷新后再改。"),
    "not-allowed": NotAllowed("not_yours", "这件诉求由 2 号网格办理，请联系李网格员。"),
    "not-found": NotFound(),
    "too-many": TooMany("code_tries", "验证码试得太多了，请 10 分钟后再试。"),
    "too-big": RequestDataTooBig("Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE."),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "number": DataError("integer out of range"),
    "denied": PermissionDenied(),
}


def fail(request: HttpRequest, how: str) -> HttpResponse:
    """Raises what the address asks for."""
    raise FAILURES.get(how) or PeopleError("unknown", how)


def ok(request: HttpRequest) -> HttpResponse:
    """Answers, having read the form."""
    return HttpResponse(str(len(request.POST)))


urlpatterns = [
    path("ui/", include("fuhui.shared.ui.web.urls")),
    path("fail/<slug:how>", fail),
    path("api/fail/<slug:how>", fail),
    path("ok", ok, name="ok"),
]
handler400 = "fuhui.shared.ui.web.errors.bad_request"
handler403 = "fuhui.shared.ui.web.errors.permission_denied"
handler404 = "fuhui.shared.ui.web.errors.page_not_found"
handler500 = "fuhui.shared.ui.web.errors.server_error"
