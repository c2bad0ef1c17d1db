"""Rooms that work on people's needs. Siblings never import each other."""
