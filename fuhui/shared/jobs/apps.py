from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Periodic jobs and their watchdog."""

    name = "fuhui.shared.jobs"
    label = "jobs"
