"""Reads of the book. Each starts from a viewer."""
