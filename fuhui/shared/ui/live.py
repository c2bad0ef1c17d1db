"""Where a page's live stream is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

PATH = "/live/"


def live_address(request: HttpRequest) -> str:
    """The stream's address for the host that this page came from; empty where there is no live process."""
    if settings.LIVE_URL:
        return f"{settings.LIVE_URL.rstrip('/')}{PATH}"
    if not settings.LIVE_PORT:
        return ""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return f"{request.scheme}://{host}:{settings.LIVE_PORT}{PATH}"
