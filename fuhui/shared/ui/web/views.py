"""The gallery of components, and the two switches: type size and colours."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.ui.context import THEME_COOKIE, THEMES, TYPE_COOKIE
from fuhui.shared.ui.web import samples

YEAR_SECONDS = 365 * 24 * 3600


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only where DEBUG or DEMO is set."""
    _only_for_show()
    return render(request, "ui/gallery.html", samples.gallery())


@require_GET
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """A whole page composed of components, with invented content."""
    _only_for_show()
    if name not in samples.PAGES:
        raise NotFound()
    if "toast" in request.GET:
        messages.success(request, "已答复居民，并通知了 3 位反映同一问题的居民。")
    return render(request, f"ui/sample_{name}.html", samples.PAGES[name]())


# Both switches only change how pages look for this browser and ask no session: no token is needed, so pages of
# visitors stay free of one.
@csrf_exempt
@require_POST
def set_type(request: HttpRequest) -> HttpResponse:
    """Remembers large or standard type for a year, then goes back to the page."""
    return _remember(request, TYPE_COOKIE, "large" if request.POST.get("type") == "large" else "")


@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remembers light or dark; anything else follows the device again. Then goes back to the page."""
    theme = request.POST.get("theme", "")
    if theme and theme not in THEMES:
        raise BadInput("theme", "配色只有浅色、深色和跟随系统。", field="theme")
    return _remember(request, THEME_COOKIE, theme)


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    answer = HttpResponseRedirect(_next(request))
    if value:
        answer.set_cookie(
            cookie, value, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        answer.delete_cookie(cookie, samesite="Lax")
    return answer


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    return asked if asked and url_has_allowed_host_and_scheme(asked, None) else "/"


def _only_for_show() -> None:
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise NotFound()
