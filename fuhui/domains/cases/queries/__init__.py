"""Reads of cases. Every one starts from a viewer."""
