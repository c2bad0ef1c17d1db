from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations of every kind and memberships over time."""

    name = "fuhui.registry.organisations"
    label = "organisations"
