from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The one book: every act of service, and the figures read out of it."""

    name = "fuhui.registry.ledger"
    label = "ledger"
    verbose_name = "服务台账"
