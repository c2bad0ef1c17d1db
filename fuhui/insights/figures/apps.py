from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Figures: name, words, numerator, denominator, and the records behind them."""

    name = "fuhui.insights.figures"
    label = "figures"
