"""Addresses of the street's view."""

from __future__ import annotations

from django.urls import path

from fuhui.insights.street.web import views

app_name = "street"
urlpatterns = [path("street/", views.show_communities, name="communities")]
