from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and households."""

    name = "fuhui.registry.people"
    label = "people"
