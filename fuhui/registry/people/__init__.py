"""People and households."""
