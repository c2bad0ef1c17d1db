from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """My day: the first screen after sign-in."""

    name = "fuhui.insights.desk"
    label = "desk"

    def ready(self) -> None:
        """Registers the first page in the bars."""
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        register(NavItem("今天", "desk:home", "today", roles=frozenset(DESK_ROLES), order=10))
        register(
            NavItem(
                "首页", "desk:home", "home", order=10, roles=frozenset(set(Role) - DESK_ROLES - {Role.STREET_OFFICER})
            )
        )
