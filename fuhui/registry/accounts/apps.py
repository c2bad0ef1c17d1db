from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "fuhui.registry.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Tells the people's room what follows a merge, and puts the pages into the bars."""
        from fuhui.registry.accounts import joins
        from fuhui.registry.accounts.rules import STAFF_ROLES
        from fuhui.registry.people import registry
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import Role

        registry.on_merge("accounts", joins.move_accounts)
        registry.on_use("accounts", joins.people_in_use)
        keepers = frozenset({Role.SECRETARY, Role.OPERATOR, Role.AUDITOR})
        register(NavItem("账号", "accounts:list", "user", roles=keepers, order=80))
        everybody = frozenset(STAFF_ROLES | {Role.VOLUNTEER, Role.RESIDENT, Role.ORGANISATION_LEADER})
        register(NavItem("我的账号", "accounts:me", "user", roles=everybody, order=95))
