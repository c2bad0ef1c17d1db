"""Doors to the outside: chat, mail, other systems."""
