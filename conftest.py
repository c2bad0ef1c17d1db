"""Fixtures of all tests. The database ones are in tests/database.py, the browser's in tests/browser/conftest.py."""

pytest_plugins = ["tests.database", "tests.network", "tests.personas"]
