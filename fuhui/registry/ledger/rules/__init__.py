"""Pure rules of the book: what an act of service is, and the default catalogue."""
