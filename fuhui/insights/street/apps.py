from __future__ import annotations

from django.apps import AppConfig


class StreetConfig(AppConfig):
    """The street officer's view of several communities."""

    name = "fuhui.insights.street"
    label = "street"
