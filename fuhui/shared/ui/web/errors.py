"""Django's own error views in our words: set as handler400 … handler500 and CSRF_FAILURE_VIEW."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from fuhui.shared.ui.problems import NEXT_STEPS, Problem, as_json, of_suspicion, respond


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where the request was too big."""
    return respond(request, of_suspicion(exception))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return respond(request, Problem(403, "not_allowed", "您的账号不能打开这个页面或做这一步。"))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same answer whether it does not exist or is not the viewer's."""
    return respond(request, Problem(404, "not_found", "没有这个页面，或它不在您的权限范围内。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that cannot prove it came from our page: usually one left open for long."""
    said = "这个页面打开太久，或浏览器没有保存登录信息，所以没有提交成功。请返回上一页刷新后再提交一次。"
    return respond(request, Problem(403, "csrf", said))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request, because whatever broke may break the bars too."""
    if request.path.startswith("/api/"):
        return as_json(Problem(500, "server_error", NEXT_STEPS[500]))
    return HttpResponse(render_to_string("500.html"), status=500)
