"""Errors meant for people become pages that say why, what to do next and how to go back; JSON below /api/."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse

from fuhui.shared.errors import PeopleError
from fuhui.shared.ui.problems import Problem, of_people_error, of_suspicion, respond

log = logging.getLogger("fuhui.ui")

UNSTORABLE = Problem(422, "unstorable", "有一项内容保存不了：可能太长、数字太大，或含有看不见的字符。请改一下再提交。")


class PeopleErrorsMiddleware:
    """Answers what views raise for people, and what Django calls suspicious, in plain words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in and out."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer, or None for what is not meant for people."""
        problem = problem_of(error)
        return respond(request, problem) if problem else None


def problem_of(error: Exception) -> Problem | None:
    """The problem an error stands for; None where it is a fault of ours."""
    if isinstance(error, PeopleError):
        return of_people_error(error)
    if isinstance(error, SuspiciousOperation):
        return of_suspicion(error)
    # A UnicodeEncodeError is half a character (a lone surrogate), which JSON can carry and no store can hold.
    unstorable = isinstance(error, DataError | UnicodeEncodeError)
    if unstorable or (isinstance(error, ValueError) and "NUL" in str(error)):
        log.warning("the database refused a value: %s", type(error).__name__)
        return UNSTORABLE
    return None
