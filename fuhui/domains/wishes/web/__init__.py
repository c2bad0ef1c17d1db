"""Pages of the micro-wishes."""
