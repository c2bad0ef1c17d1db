"""Brings up what a command needs: the engine, Django."""

from __future__ import annotations

import os

SETTINGS = "fuhui.config.settings"


def settle() -> None:
    """Names the settings module unless the environment names another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)


def start_engine() -> bool:
    """Starts the embedded server where no FUHUI_DATABASE_URL is set; True when this call started it."""
    settle()
    from django.conf import settings

    return False if settings.DATABASE_URL else bool(settings.ENGINE.ensure())


def start_django(*, database: bool = True) -> None:
    """Django ready for use, with a reachable database unless `database` is False."""
    settle()
    if database:
        start_engine()
    import django

    django.setup()
