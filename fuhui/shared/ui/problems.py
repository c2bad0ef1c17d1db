"""A problem in words, and its answer as page, JSON or toast. What was entered is shown again, to be copied."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from fuhui.shared.errors import PeopleError

TITLES = {
    400: "这个请求看不懂",
    403: "现在不能这样做",
    404: "没有找到",
    409: "这一步现在办不了",
    413: "内容太大了",
    422: "有地方需要改一下",
    429: "请稍等一会儿再试",
    500: "系统出了点问题",
}
NEXT_STEPS = {
    400: "请返回上一页重新操作；如果是从链接点进来的，可能链接不完整。",
    403: "如果您认为应该可以，请联系社区工作人员。",
    404: "请检查链接是否完整，或返回首页从列表里找。",
    409: "请返回上一页刷新，看看最新的情况。",
    413: "请分几次提交，或换小一点的文件。",
    422: "请返回上一页修改后再提交。",
    429: "稍等一会儿再试即可，不需要重新填写。",
    500: "问题已经记录下来。请稍后再试；急事请直接打电话给社区。",
}
_SECRET = re.compile(r"pass|token|secret|^code$|otp|id_number", re.IGNORECASE)
_MACHINE_WORD = re.compile(r"[\w.:/@+-]{0,40}", re.ASCII)
SHOWN_FIELDS = 30


@dataclass(frozen=True)
class Problem:
    """An HTTP status, a code for programs, a sentence for people and details for programs."""

    status: int
    code: str
    message: str
    details: Mapping[str, object] = field(default_factory=dict)


class Entered(NamedTuple):
    """Something a person had typed."""

    text: str
    lines: int


def of_people_error(error: PeopleError) -> Problem:
    """The problem an error for people stands for."""
    return Problem(error.status, error.code, error.message, error.details)


def of_suspicion(error: BaseException | None) -> Problem:
    """What Django refused before or in a view: too big, too many fields or files, broken, or forged."""
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_big", "提交的内容超过了一次能接收的大小。请分几次提交。")
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent):
        return Problem(413, "too_many", "一次提交的项目太多。请分几次提交。")
    if isinstance(error, MultiPartParserError | UnreadablePostError):
        return Problem(400, "unreadable", "内容没有传完整，可能是网络断了。请再提交一次。")
    return Problem(400, "bad_request", "这个请求不完整或不合规，没有保存任何内容。")


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """JSON below /api/, a toast for a part of a page, else a page; always with the problem's status."""
    if request.path.startswith("/api/"):
        return as_json(problem)
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true":
        return as_toast(problem)
    return as_page(request, problem)


def as_json(problem: Problem) -> JsonResponse:
    """`{code, message, details}`."""
    said = {"code": problem.code, "message": problem.message, "details": dict(problem.details)}
    return JsonResponse(said, status=problem.status, json_dumps_params={"ensure_ascii": False, "default": str})


def as_toast(problem: Problem) -> HttpResponse:
    """An answer to htmx: nothing is swapped, the sentence is shown as a toast."""
    answer = HttpResponse(problem.message, status=problem.status, content_type="text/plain; charset=utf-8")
    answer["HX-Trigger"] = json.dumps({"fuhui:toast": {"text": problem.message, "tone": "late"}})
    return answer


def as_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A page with the reason, what to do next, a way back, and what had been entered."""
    context = {
        "problem": problem,
        "problem_title": TITLES.get(problem.status, TITLES[400]),
        "problem_next": NEXT_STEPS.get(problem.status, NEXT_STEPS[400]),
        "problem_back": way_back(request),
        "problem_entered": entered_in(request) if problem.status != 413 else [],
    }
    return HttpResponse(render_to_string("ui/problem.html", context, request=request), status=problem.status)


def way_back(request: HttpRequest) -> str:
    """The page before this one where it is ours, else the first page."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}) if before else False
    return before if ours and before != request.build_absolute_uri() else "/"


def entered_in(request: HttpRequest) -> list[Entered]:
    """The texts a person typed into the form, without secrets and without the form's own marks."""
    if request.method != "POST":
        return []
    try:
        fields = [(name, text) for name, texts in request.POST.lists() for text in texts]
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return []
    typed = [str(text).strip() for name, text in fields if not _SECRET.search(name)]
    return [_entered(text) for text in typed if not _MACHINE_WORD.fullmatch(text)][:SHOWN_FIELDS]


def _entered(text: str) -> Entered:
    return Entered(text, min(12, max(2, text.count("\n") + 1 + len(text) // 24)))
