"""Everything that changes volunteers."""
