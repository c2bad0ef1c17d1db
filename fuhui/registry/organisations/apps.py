from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations of every kind and memberships over time."""

    name = "fuhui.registry.organisations"
    label = "organisations"
    verbose_name = "组织"

    def ready(self) -> None:
        """Tells the people's room what to move and show, and puts the page into the bars."""
        from fuhui.registry.organisations import joins
        from fuhui.registry.people import registry
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        registry.on_merge("organisations", joins.move_memberships)
        registry.on_use("organisations", joins.people_in_use)
        registry.add_person_panel("organisations", joins.panel)
        roles = DESK_ROLES | {Role.ORGANISATION_LEADER, Role.STREET_OFFICER}
        register(NavItem("组织", "organisations:tree", "star", roles=frozenset(roles), order=70))
