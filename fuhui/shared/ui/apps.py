from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Page components, tokens and words shared by all pages."""

    name = "fuhui.shared.ui"
    label = "ui"
