"""Work days and the reckoning of dates."""
