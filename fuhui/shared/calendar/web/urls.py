"""Addresses of the work-day table, below /calendar/."""

from __future__ import annotations

from django.urls import path

from fuhui.shared.calendar.web import pages

app_name = "calendar"
urlpatterns = [
    path("", pages.year, name="year"),
    path("days", pages.enter_days, name="enter_days"),
    path("own", pages.enter_own_days, name="enter_own_days"),
    path("own/drop", pages.drop_own, name="drop_own"),
    path("published", pages.publish, name="publish"),
]
