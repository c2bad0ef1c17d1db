"""Reading what people typed into forms: every value, or a BadInput that names its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.viewers import VISITOR, Viewer

Page = Callable[..., HttpResponse]


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer that the middleware found."""
    found: Viewer = getattr(request, "viewer", VISITOR)
    return found


def signed_in(page: Page) -> Page:
    """Leads visitors to the sign-in page and back."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if viewer_of(request).is_signed_in:
            return page(request, *args, **kwargs)
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    return guarded


def errors_of(error: PeopleError) -> dict[str, str]:
    """The message under the field it is about, '' for the whole form."""
    return {str(error.details.get("field") or ""): error.message}


def text(post: QueryDict, name: str, most: int = 200) -> str:
    """Typed text without outer spaces and NUL; raises BadInput where it is longer than `most`."""
    value = post.get(name, "").replace("\x00", "").strip()
    if len(value) > most:
        raise BadInput(name, f"最多 {most} 个字，现在是 {len(value)} 个字。", field=name)
    return value


def whole(post: QueryDict, name: str, what: str) -> int:
    """A whole number; raises BadInput otherwise."""
    value = text(post, name, 12)
    if not value.lstrip("-").isdecimal():
        raise BadInput(name, f"{what}要填数字。", field=name)
    return int(value)


def degrees(post: QueryDict, name: str, what: str) -> float | None:
    """A coordinate or None; raises BadInput for something else."""
    value = text(post, name, 30)
    try:
        number = float(value) if value else None
    except ValueError as error:
        raise BadInput(name, f"{what}要填数字，例如 121.2672。", field=name) from error
    if number is not None and not -180 <= number <= 180:
        raise BadInput(name, f"{what}超出范围。", field=name)
    return number


def key(post: QueryDict, name: str, what: str) -> UUID | None:
    """A chosen row's id or None; raises BadInput for something else."""
    value = text(post, name, 60)
    try:
        return UUID(value) if value else None
    except ValueError as error:
        raise BadInput(name, f"请从列表里选择{what}。", field=name) from error


def day(post: QueryDict, name: str, what: str) -> date | None:
    """A day (YYYY-MM-DD) or None; raises BadInput for something else."""
    value = text(post, name, 20)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise BadInput(name, f"{what}要写成 2026-03-02 这样。", field=name) from error
