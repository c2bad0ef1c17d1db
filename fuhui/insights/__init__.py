"""Reads every room and changes nothing: my day, figures, the street view, search."""
