from __future__ import annotations

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """Volunteers, their teams and shifts."""

    name = "fuhui.domains.volunteers"
    label = "volunteers"
    verbose_name = "志愿服务"

    def ready(self) -> None:
        """Adds the figures, tells the people's room what a merge moves and what to show, and places the pages."""
        from fuhui.domains.volunteers import joins
        from fuhui.domains.volunteers.actions.hours import SOURCE
        from fuhui.domains.volunteers.actions.timebank_people import merge_accounts
        from fuhui.domains.volunteers.checks import IN_BOOK
        from fuhui.domains.volunteers.checks_timebank import BANK_CHECKS
        from fuhui.domains.volunteers.figures import SERVED
        from fuhui.domains.volunteers.registered import REGISTERED
        from fuhui.registry.ledger.checks import register as register_check
        from fuhui.registry.ledger.registry import Source, register_figures, register_source
        from fuhui.registry.people import registry
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        register_figures(REGISTERED)
        register_figures(SERVED)
        page = "/volunteers/shifts/{}/attendance/"
        register_source(Source(SOURCE, "志愿服务班次", lambda key: page.format(key.partition(":")[0])))
        for check in (IN_BOOK, *BANK_CHECKS):
            register_check(check)
        registry.on_merge("volunteers", joins.move_registration)
        registry.on_merge("timebank", merge_accounts)
        registry.on_use("volunteers", joins.persons_in_use)
        registry.add_person_panel("volunteers", joins.panel)
        staff = frozenset({*DESK_ROLES, Role.ORGANISATION_LEADER})
        own = frozenset({Role.RESIDENT, Role.VOLUNTEER})
        register(NavItem("志愿者", "volunteers:list", "heart", roles=staff, order=66))
        register(NavItem("志愿服务", "volunteers:me", "heart", roles=own, order=40))
