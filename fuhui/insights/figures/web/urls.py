"""Addresses of figures."""

from __future__ import annotations

from django.urls import path

from fuhui.insights.figures.web import views

app_name = "figures"
urlpatterns = [
    path("figures/", views.show_figures, name="figures"),
    path("figures/<slug:key>/<slug:part>/", views.show_records, name="records"),
]
