"""Importing a residents' list: files in, a plan, rows out. The actions of imports use it; nothing else does."""
