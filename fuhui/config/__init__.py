"""Wiring: settings, URL map, API map, servers and the command line. May import everything."""
