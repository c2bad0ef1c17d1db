"""Yardsticks: CPU per request of the server and its database, beside a floor in the same run. `make bench`."""
