from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """What happens across rooms, one file per story: the only place where two domains meet."""

    name = "fuhui.journeys"
    label = "journeys"
