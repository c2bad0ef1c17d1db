from __future__ import annotations

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Chat: pasted and uploaded group messages become cases."""

    name = "fuhui.channels.chat"
    label = "chat"

    def ready(self) -> None:
        """Puts the paste box into the bars of those who work at a community's desk."""
        from fuhui.shared.ui.navigation import NavItem, register
        from fuhui.shared.viewers import DESK_ROLES

        register(NavItem("粘贴群消息", "chat:paste", "paste", roles=DESK_ROLES, order=30))
