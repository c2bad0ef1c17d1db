from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases (诉求): what residents ask for, from the first word to the call-back."""

    name = "fuhui.domains.cases"
    label = "cases"
