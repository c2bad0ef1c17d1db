from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages to people."""

    name = "fuhui.shared.messages"
    label = "inbox"

    def ready(self) -> None:
        """Registers the list of messages, the outbox and the count of what is unread."""
        from fuhui.shared.messages.queries import unread_count
        from fuhui.shared.ui.navigation import NavItem, count_unread_with, register
        from fuhui.shared.viewers import Role

        register(NavItem("发件箱", "inbox:outbox", "send", roles=frozenset({Role.OPERATOR}), order=90))
        count_unread_with(unread_count, "inbox:list")
