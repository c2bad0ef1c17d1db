"""What happens across rooms, one file per story: the only place where two domains meet."""
