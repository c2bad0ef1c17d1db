from __future__ import annotations

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Chat: pasted and uploaded group messages become cases."""

    name = "fuhui.channels.chat"
    label = "chat"
