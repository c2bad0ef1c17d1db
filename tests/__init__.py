"""Tests across rooms, and the fixtures that all tests share."""
