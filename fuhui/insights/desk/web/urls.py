"""Address of the first screen."""

from __future__ import annotations

from django.urls import path

from fuhui.insights.desk.web import views

app_name = "desk"
urlpatterns = [path("", views.show_home, name="home"), path("c/<str:code>/", views.show_community, name="community")]
