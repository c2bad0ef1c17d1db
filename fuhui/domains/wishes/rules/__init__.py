"""Pure rules of wishes: what may be wished, and how long a claim is held."""
