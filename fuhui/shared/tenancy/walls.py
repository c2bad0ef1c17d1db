"""The one helper that puts a table behind the second wall. Used in the first migration of each tenant table."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.migrations.operations import RunSQL

COMMUNITIES = "places_community"
_VISIBLE = "community_id = ANY ((SELECT fuhui_communities())::uuid[])"


def tenant_table(
    table: str, references: Mapping[str, str] | None = None, *, append_only: bool = False, keyed: bool = True
) -> list[RunSQL]:
    """Operations for one tenant table: unique `(community_id, id)`, references carrying both columns,
    row-level security, and for an append-only table a trigger that refuses change and removal.

    `references` maps a column to the tenant table it points into. `keyed` False: the table has no uuid `id`.
    References are checked at commit, so rows may be written in any order.
    """
    operations = [_sql(f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_key UNIQUE (community_id, id)",
                       f"ALTER TABLE {table} DROP CONSTRAINT {table}_tenant_key")] if keyed else []
    operations.append(tenant_reference(table, "community_id", COMMUNITIES))
    operations += [tenant_reference(table, column, target) for column, target in (references or {}).items()]
    operations.append(row_security(table))
    if append_only:
        operations.append(sealed(table))
    return operations


def tenant_reference(table: str, column: str, target: str) -> RunSQL:
    """A reference inside one community: `(community_id, column)` → `target (community_id, id)`."""
    name = f"{table}_{column}_tenant"[:63]
    columns, keys = ("community_id", "id") if target == COMMUNITIES else (f"community_id, {column}", "community_id, id")
    return _sql(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
        f" REFERENCES {target} ({keys}) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def row_security(table: str, visible: str = _VISIBLE) -> RunSQL:
    """Row-level security by community; `visible` may widen it with another condition."""
    return _sql(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY {table}_community ON {table} USING ({visible}) WITH CHECK ({visible})",
        f"DROP POLICY {table}_community ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def sealed(table: str) -> RunSQL:
    """Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE."""
    return _sql(
        f"CREATE TRIGGER {table}_sealed BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION fuhui_refuse_change();"
        f" CREATE TRIGGER {table}_sealed_whole BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION fuhui_refuse_change()",
        f"DROP TRIGGER {table}_sealed ON {table}; DROP TRIGGER {table}_sealed_whole ON {table}",
    )


def _sql(forwards: str, backwards: str) -> RunSQL:
    return RunSQL(forwards, backwards)
