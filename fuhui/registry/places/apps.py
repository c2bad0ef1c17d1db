from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places."""

    name = "fuhui.registry.places"
    label = "places"
    verbose_name = "地点"
