from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Photos and documents."""

    name = "fuhui.shared.files"
    label = "files"
