"""The URL map. Every name here has a row in the permission table (docs/permissions.csv)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers 200 when the process serves."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("fuhui.registry.accounts.web.sign_in_urls")),
    path("staff/", include("fuhui.registry.accounts.web.urls")),
    path("organisations/", include("fuhui.registry.organisations.web.urls")),
    path("", include("fuhui.registry.places.web.urls")),
]
