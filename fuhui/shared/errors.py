"""Errors that are meant for people: each has a code for programs and a sentence that says what to do next."""

from __future__ import annotations


class PeopleError(Exception):
    """An error whose `message` is shown as it is. `status` is the HTTP status of pages and API."""

    status = 400

    def __init__(self, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details


class BadInput(PeopleError):
    """What was entered cannot be used; `details` may name the field."""

    status = 422


class RuleBroken(PeopleError):
    """A rule forbids this now (a transition that is not allowed, a deadline gone by)."""

    status = 409


class StalePage(RuleBroken):
    """Somebody else changed the record after this page was opened; nothing was written."""


class NotAllowed(PeopleError):
    """The viewer may see the record but not do this."""

    status = 403


class NotFound(PeopleError):
    """There is no such record for this viewer: the same answer whether it does not exist or is not theirs."""

    status = 404

    def __init__(self, code: str = "not_found", message: str = "没有找到这条记录，或它不在您的权限范围内。") -> None:
        super().__init__(code, message)


class TooMany(PeopleError):
    """Tried too often; the message says when to try again."""

    status = 429
