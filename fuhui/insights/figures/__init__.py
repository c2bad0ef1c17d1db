"""Figures: name, words, numerator, denominator, and the records behind them."""
