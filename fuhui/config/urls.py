"""The URL map. Every name here has a row in the permission table (docs/permissions.csv)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from fuhui.config.api import api


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers 200 when the process serves."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/", api.urls),
    path("", include("fuhui.insights.desk.web.urls")),
    path("", include("fuhui.insights.figures.web.urls")),
    path("", include("fuhui.insights.street.web.urls")),
    path("", include("fuhui.domains.cases.web.urls")),
    path("activities/", include("fuhui.domains.activities.web.urls")),
    path("wishes/", include("fuhui.domains.wishes.web.urls")),
    path("volunteers/", include("fuhui.domains.volunteers.web.urls")),
    path("chat/", include("fuhui.channels.chat.web.urls")),
    path("people/", include("fuhui.registry.people.web.urls")),
    path("", include("fuhui.registry.places.web.urls")),
    path("staff/", include("fuhui.registry.accounts.web.urls")),
    path("organisations/", include("fuhui.registry.organisations.web.urls")),
    path("book/", include("fuhui.registry.ledger.web.urls")),
    path("messages/", include("fuhui.shared.messages.web.urls")),
    path("calendar/", include("fuhui.shared.calendar.web.urls")),
    path("files/", include("fuhui.shared.files.web.urls")),
    path("audit/", include("fuhui.shared.audit.web.urls")),
    path("accounts/", include("fuhui.registry.accounts.web.sign_in_urls")),
    path("ui/", include("fuhui.shared.ui.web.urls")),
]

handler400 = "fuhui.shared.ui.web.errors.bad_request"
handler403 = "fuhui.shared.ui.web.errors.permission_denied"
handler404 = "fuhui.shared.ui.web.errors.page_not_found"
handler500 = "fuhui.shared.ui.web.errors.server_error"
