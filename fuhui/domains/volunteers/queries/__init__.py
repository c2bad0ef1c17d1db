"""Reads of volunteers, each from a viewer."""
