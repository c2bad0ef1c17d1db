from __future__ import annotations

from django.apps import AppConfig


class StreetConfig(AppConfig):
    """The street officer's view of several communities."""

    name = "fuhui.insights.street"
    label = "street"

    def ready(self) -> None:
        """Registers its page in the bars."""
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import Role

        register(NavItem("各社区", "street:communities", "map", roles=frozenset({Role.STREET_OFFICER}), order=10))
