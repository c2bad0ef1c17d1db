"""Fuhui (福惠): needs come in at the doors, rooms work on them, one book records every service."""

__version__ = "0.1.0"
