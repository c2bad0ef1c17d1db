from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The hash-chained audit trail."""

    name = "fuhui.shared.audit"
    label = "audit"

    def ready(self) -> None:
        """Registers the page in the bars of those who may read it, and reads every room's `audit_words.py`."""
        from django.utils.module_loading import autodiscover_modules

        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import Role

        roles = frozenset({Role.AUDITOR, Role.OPERATOR, Role.SECRETARY})
        register(NavItem("审计", "audit:entries", "check", roles=roles, order=96))
        autodiscover_modules("audit_words")
