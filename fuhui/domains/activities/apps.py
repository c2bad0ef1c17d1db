from __future__ import annotations

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Activities (活动): from the plan to the book."""

    name = "fuhui.domains.activities"
    label = "activities"
    verbose_name = "活动"

    def ready(self) -> None:
        """Places the pages in the bars, adds the self-check and the source of the book's records."""
        from fuhui.domains.activities.checks import IN_BOOK
        from fuhui.domains.activities.figures import FIGURES
        from fuhui.domains.activities.joins import move_persons, persons_in_use
        from fuhui.domains.activities.queries import may_read_photo
        from fuhui.registry.ledger.checks import register as register_check
        from fuhui.registry.ledger.registry import Source, register_figures, register_source
        from fuhui.registry.people.registry import on_merge, on_use
        from fuhui.shared.files.readers import register_reader
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        register_check(IN_BOOK)
        register_figures(FIGURES)
        register_source(Source("activities.activity", "活动", lambda key: f"/activities/desk/{key}/"))
        register_reader("activity", may_read_photo)
        on_merge("activities", move_persons)
        on_use("activities", persons_in_use)
        neighbours = frozenset({Role.RESIDENT, Role.VOLUNTEER})
        register(NavItem("活动", "activities:desk", "calendar", roles=DESK_ROLES, order=50))
        register(NavItem("我的活动", "activities:mine", "calendar", roles=neighbours, order=35))
