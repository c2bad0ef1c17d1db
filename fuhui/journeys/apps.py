from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """What happens across rooms, one file per story: the only place where two domains meet."""

    name = "fuhui.journeys"
    label = "journeys"

    def ready(self) -> None:
        """Reads the stories, so that their reactions are registered."""
        from fuhui.journeys import timebank  # noqa: F401
