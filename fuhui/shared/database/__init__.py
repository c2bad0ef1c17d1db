"""The PostgreSQL backend as Fuhui uses it. `base.DatabaseWrapper` is named by the setting ENGINE."""
