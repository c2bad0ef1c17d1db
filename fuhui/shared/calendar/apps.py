from __future__ import annotations

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Work days and the reckoning of dates."""

    name = "fuhui.shared.calendar"
    label = "calendar"
