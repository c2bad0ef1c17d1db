from __future__ import annotations

from django.apps import AppConfig


class WishesConfig(AppConfig):
    """Micro-wishes (微心愿): from the wish to the thanks."""

    name = "fuhui.domains.wishes"
    label = "wishes"
    verbose_name = "微心愿"

    def ready(self) -> None:
        """Places the pages in the bars, answers for photos of thanks, and for people who are merged."""
        from fuhui.domains.wishes.checks import IN_BOOK
        from fuhui.domains.wishes.figures import FIGURES
        from fuhui.domains.wishes.joins import move_persons, persons_in_use
        from fuhui.domains.wishes.queries import may_read_photo
        from fuhui.registry.ledger.checks import register as register_check
        from fuhui.registry.ledger.registry import Source, register_figures, register_source
        from fuhui.registry.people.registry import on_merge, on_use
        from fuhui.shared.files.readers import register_reader
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        register_check(IN_BOOK)
        register_figures(FIGURES)
        register_source(Source("wishes.claim", "微心愿", lambda key: f"/wishes/desk/claim/{key}/"))
        register_reader("wish", may_read_photo)
        on_merge("wishes", move_persons)
        on_use("wishes", persons_in_use)
        register(NavItem("微心愿", "wishes:desk", "heart", roles=DESK_ROLES, order=55))
        neighbours = frozenset({Role.RESIDENT, Role.VOLUNTEER})
        register(NavItem("心愿", "wishes:mine", "heart", roles=neighbours, order=40))
