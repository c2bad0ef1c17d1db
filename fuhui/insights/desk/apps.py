from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """My day."""

    name = "fuhui.insights.desk"
    label = "desk"
