"""The street officer's view of several communities."""
