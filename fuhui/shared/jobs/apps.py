from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Periodic jobs and their watchdog."""

    name = "fuhui.shared.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Makes the jobs of all rooms known: the module `jobs` of every room."""
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("jobs")
