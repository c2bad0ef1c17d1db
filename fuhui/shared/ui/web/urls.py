"""Addresses of the component gallery and the switches; included below `ui/`."""

from __future__ import annotations

from django.urls import path

from fuhui.shared.ui.web import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("sample/<slug:name>/", views.sample, name="sample"),
    path("type", views.set_type, name="type"),
    path("theme", views.set_theme, name="theme"),
]
