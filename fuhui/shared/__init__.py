"""What every room needs and what knows nothing of communities beyond their key."""
