from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and households."""

    name = "fuhui.registry.people"
    label = "people"
    verbose_name = "居民"

    def ready(self) -> None:
        """Puts the list into the bars."""
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        register(NavItem("居民", "people:people", "user", roles=DESK_ROLES | {Role.HEALTH_WORKER}, order=50))
