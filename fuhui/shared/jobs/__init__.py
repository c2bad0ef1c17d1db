"""Periodic jobs and their watchdog."""
