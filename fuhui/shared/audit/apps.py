from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Hash-chained, append-only record of every action and every read of a sensitive record."""

    name = "fuhui.shared.audit"
    label = "audit"
