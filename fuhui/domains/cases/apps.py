from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases (诉求): what residents ask for, from the first word to the call-back."""

    name = "fuhui.domains.cases"
    label = "cases"

    def ready(self) -> None:
        """Places the pages in the bars, and answers for the photos of cases."""
        from fuhui.domains.cases.joins import move_reports, panel, persons_in_use
        from fuhui.domains.cases.queries.pages import may_read_photo
        from fuhui.registry.people.registry import add_person_panel, on_merge, on_use
        from fuhui.shared.files.readers import register_reader
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES, Role

        register_reader("case", may_read_photo)
        on_merge("cases", move_reports)
        on_use("cases", persons_in_use)
        add_person_panel("cases", panel)
        register(NavItem("诉求", "cases:queue", "inbox", roles=DESK_ROLES | {Role.STREET_OFFICER}, order=20))
        register(NavItem("审批", "cases:approvals", "check", roles=frozenset({Role.SECRETARY}), order=45))
        register(NavItem("规则", "cases:rules", "filter", roles=frozenset({Role.SECRETARY, Role.OPERATOR}), order=70))
        register(NavItem("我的诉求", "cases:my", "inbox", roles=frozenset({Role.RESIDENT}), order=30))
