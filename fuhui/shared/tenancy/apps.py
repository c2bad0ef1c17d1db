from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Resets the remembered scope whenever a new database connection is opened."""

    name = "fuhui.shared.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Connects the reset."""
        from django.db.backends.signals import connection_created

        from fuhui.shared.tenancy.scope import forget

        connection_created.connect(forget, dispatch_uid="tenancy")
