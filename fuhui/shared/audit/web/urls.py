"""Addresses of the audit trail, below /audit/."""

from __future__ import annotations

from django.urls import path

from fuhui.shared.audit.web import leaving, pages

app_name = "audit"
urlpatterns = [
    path("", pages.entries, name="entries"),
    path("check/", leaving.check, name="check"),
    path("export.csv", leaving.export, name="export"),
    path("<uuid:entry_id>/", pages.entry, name="entry"),
]
