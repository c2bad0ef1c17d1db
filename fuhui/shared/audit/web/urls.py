"""Addresses of the audit trail, below /audit/."""

from __future__ import annotations

from django.urls import path

from fuhui.shared.audit.web import pages

app_name = "audit"
urlpatterns = [
    path("", pages.entries, name="entries"),
    path("<uuid:entry_id>/", pages.entry, name="entry"),
]
