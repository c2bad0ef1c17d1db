"""Accounts: who may sign in, in which role, for which place or organisation; tokens for programs.

A grant gives one role in one region (street and above), community, grid or organisation. Used by every request.
"""
