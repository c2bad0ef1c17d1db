"""Pages of cases. Views are thin: they read by queries, call actions, and put errors next to the field."""
