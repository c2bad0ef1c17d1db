"""My day."""
