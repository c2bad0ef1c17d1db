from __future__ import annotations

from django.apps import AppConfig

from fuhui.shared.viewers import Role


class FiguresConfig(AppConfig):
    """Figures: name, words, numerator, denominator, and the records behind them."""

    name = "fuhui.insights.figures"
    label = "figures"

    def ready(self) -> None:
        """Registers its page in the bars."""
        from fuhui.shared.ui.navigation import NavItem, register

        register(
            NavItem(
                "统计",
                "figures:figures",
                "chart",
                order=60,
                roles=frozenset({Role.SECRETARY, Role.COMMUNITY_STAFF, Role.STREET_OFFICER}),
            )
        )
