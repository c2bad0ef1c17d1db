from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "fuhui.registry.accounts"
    label = "accounts"
    verbose_name = "账号"
