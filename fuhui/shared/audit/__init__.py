"""Hash-chained, append-only record of every action and every read of a sensitive record."""
