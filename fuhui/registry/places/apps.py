from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places."""

    name = "fuhui.registry.places"
    label = "places"
    verbose_name = "地点"

    def ready(self) -> None:
        """Puts the pages into the bars."""
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        desk = DESK_ROLES | {Role.STREET_OFFICER, Role.OPERATOR}
        register(NavItem("网格", "places:grids", "map", roles=desk, order=60))
        register(NavItem("社区", "places:communities", "pin", roles=frozenset({Role.OPERATOR}), order=90))
