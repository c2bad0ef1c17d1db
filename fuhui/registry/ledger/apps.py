from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The one book: every act of service, and the figures read out of it."""

    name = "fuhui.registry.ledger"
    label = "ledger"
    verbose_name = "服务台账"

    def ready(self) -> None:
        """Registers the book's figures, checks, photos' reader, joins with people, and its pages in the bars."""
        from fuhui.registry.ledger import checks, joins, own_checks, registry
        from fuhui.registry.ledger.permissions import READERS
        from fuhui.registry.people.registry import add_person_panel, on_merge, on_use
        from fuhui.shared.files.readers import register_reader
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import Role

        for check in own_checks.CHECKS:
            checks.register(check)
        registry.register_figures(joins.BOOK_FIGURES)
        register_reader("service", joins.may_read_photo)
        on_use("ledger", joins.persons_in_use)
        on_merge("ledger", joins.note_merge)
        add_person_panel("ledger", joins.panel)
        register(NavItem("服务台账", "ledger:book", "book", roles=frozenset(READERS), order=60))
        mine = frozenset({Role.VOLUNTEER, Role.RESIDENT})
        register(NavItem("我的服务", "ledger:mine", "heart", roles=mine, order=60))
