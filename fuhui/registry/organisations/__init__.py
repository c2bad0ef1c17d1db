"""Organisations of every kind and memberships over time."""
