"""Addresses of files, below /files/."""

from __future__ import annotations

from django.urls import path

from fuhui.shared.files.web import views

app_name = "files"
urlpatterns = [
    path("<uuid:file_id>/", views.file, name="file"),
    path("<uuid:file_id>/<slug:size>", views.file, name="file"),
]
