from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Page components, tokens and words shared by all pages."""

    name = "fuhui.shared.ui"
    label = "ui"

    def ready(self) -> None:
        """Connects the check of the bars' addresses."""
        from django.core.checks import Tags, register

        from fuhui.shared.ui.navigation import check_addresses

        register(check_addresses, Tags.urls)
