from __future__ import annotations

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Work days and deadlines."""

    name = "fuhui.shared.calendar"
    label = "calendar"

    def ready(self) -> None:
        """Registers the table in the bars of those who keep it."""
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import Role

        roles = frozenset({Role.OPERATOR, Role.SECRETARY})
        register(NavItem("工作日表", "calendar:year", "calendar", roles=roles, order=95))
