"""Rules of volunteering in plain Python."""
