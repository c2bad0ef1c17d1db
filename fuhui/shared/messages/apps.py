from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages to people."""

    name = "fuhui.shared.messages"
    label = "inbox"
